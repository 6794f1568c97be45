// The elements that feeds are made of: RSS 0.90 to 2.0, Atom 0.3 and 1.0, and the modules
// of both. Namespaces are told by how they begin, for many write an old or a shortened
// one; a prefix that was never declared stands for its own namespace.
#include <strings.h>

#include "formats/feed_parts.h"

enum space {
    SPACE_OTHER,
    SPACE_FEED,
    SPACE_RDF,
    SPACE_DC,
    SPACE_CONTENT,
    SPACE_MEDIA,
    SPACE_ITUNES,
    SPACE_WP,
    SPACE_EXCERPT,
    SPACE_XHTML,
    SPACE_BURNER,
    SPACE_TOMBSTONE,
    SPACE_CONTROL,
    SPACE_LICENSE,
    SPACE_SKIP,
};

// prefix: also what stands there undeclared.
static const struct {
    const char *uri, *prefix;
    enum space space;
} spaces[] = {
    {"http://purl.org/rss/1.0/modules/content/",         "content",         SPACE_CONTENT  },
    {"http://purl.org/rss/1.0/modules/slash/",           "slash",           SPACE_SKIP     },
    {"http://purl.org/rss/1.0/modules/syndication/",     "sy",              SPACE_SKIP     },
    {"http://wellformedweb.org/",                        "wfw",             SPACE_SKIP     },
    {"http://purl.org/rss/1.0/",                         "rss",             SPACE_FEED     },
    {"http://purl.org/net/rss1.1",                       NULL,              SPACE_FEED     },
    {"http://my.netscape.com/",                          NULL,              SPACE_FEED     },
    {"http://channel.netscape.com/",                     NULL,              SPACE_FEED     },
    {"http://backend.userland.com/rss",                  NULL,              SPACE_FEED     },
    {"http://backend.userland.com/creativecommons",      "creativeCommons", SPACE_LICENSE  },
    {"http://cyber.law.harvard.edu/rss/creativecommons", NULL,              SPACE_LICENSE  },
    {"http://blogs.law.harvard.edu/tech/rss",            NULL,              SPACE_FEED     },
    {"http://purl.org/atom/app",                         NULL,              SPACE_CONTROL  },
    {"http://www.w3.org/2007/app",                       "app",             SPACE_CONTROL  },
    {"http://purl.org/atom/",                            NULL,              SPACE_FEED     },
    {"http://www.w3.org/2005/atom",                      "atom",            SPACE_FEED     },
    {"http://www.w3.org/1999/02/22-rdf-syntax-ns",       "rdf",             SPACE_RDF      },
    {"http://purl.org/dc/",                              "dc",              SPACE_DC       },
    {"http://search.yahoo.com/mrss",                     "media",           SPACE_MEDIA    },
    {"http://video.search.yahoo.com/mrss",               NULL,              SPACE_MEDIA    },
    {"http://www.itunes.com/dtds/podcast",               "itunes",          SPACE_ITUNES   },
    {"http://www.w3.org/1999/xhtml",                     "xhtml",           SPACE_XHTML    },
    {"http://rssnamespace.org/feedburner/",              "feedburner",      SPACE_BURNER   },
    {"http://purl.org/atompub/tombstones/",              "at",              SPACE_TOMBSTONE},
    {"http://web.resource.org/cc/",                      "cc",              SPACE_LICENSE  },
    {"http://creativecommons.org/ns",                    NULL,              SPACE_LICENSE  },
};

// WordPress writes its version into its namespaces: http://wordpress.org/export/1.2/excerpt/
static enum space
wordpress_space(struct slice uri)
{
    static const char export[] = "http://wordpress.org/export/";
    bool named = slice_starts(uri, SLICE("http://wordpress.org/export/"));
    if (slice_is(uri, "wp"))
        return SPACE_WP;
    if (slice_is(uri, "excerpt"))
        return SPACE_EXCERPT;
    if (!named)
        return SPACE_OTHER;
    struct slice rest = slice_from(uri, sizeof export - 1);
    return rest.size && memmem(rest.data, rest.size, "excerpt", 7) ? SPACE_EXCERPT
                                                                   : SPACE_WP;
}

static enum space
space_of(const struct feed *f, struct slice uri)
{
    if (uri.size == 0)
        return SPACE_FEED;
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        size_t size = strlen(spaces[i].uri);
        const char *text = (const char *)uri.data;
        if (uri.size >= size && strncasecmp(text, spaces[i].uri, size) == 0)
            return spaces[i].space;
        if (spaces[i].prefix && slice_is(uri, spaces[i].prefix))
            return spaces[i].space;
    }
    enum space word = wordpress_space(uri);
    if (word == SPACE_OTHER && f->root && slice_equal(uri, f->root->space))
        return SPACE_FEED;
    return word;
}

static const struct {
    enum space space;
    const char *name; // in lower case
    enum feed_kind kind;
} names[] = {
    {SPACE_FEED,      "item",              FEED_ENTRY        },
    {SPACE_FEED,      "entry",             FEED_ENTRY        },
    {SPACE_FEED,      "channel",           FEED_CHANNEL      },
    {SPACE_FEED,      "title",             FEED_TITLE        },
    {SPACE_FEED,      "link",              FEED_LINK         },
    {SPACE_FEED,      "description",       FEED_SUMMARY      },
    {SPACE_FEED,      "guid",              FEED_ID           },
    {SPACE_FEED,      "id",                FEED_ID           },
    {SPACE_FEED,      "pubdate",           FEED_PUBLISHED    },
    {SPACE_FEED,      "published",         FEED_PUBLISHED    },
    {SPACE_FEED,      "issued",            FEED_PUBLISHED    },
    {SPACE_FEED,      "updated",           FEED_UPDATED      },
    {SPACE_FEED,      "modified",          FEED_UPDATED      },
    {SPACE_FEED,      "created",           FEED_CREATED      },
    {SPACE_FEED,      "expirationdate",    FEED_EXPIRES      },
    {SPACE_FEED,      "category",          FEED_CATEGORY     },
    {SPACE_FEED,      "author",            FEED_AUTHOR       },
    {SPACE_FEED,      "managingeditor",    FEED_AUTHOR_OTHER },
    {SPACE_FEED,      "contributor",       FEED_CONTRIBUTOR  },
    {SPACE_FEED,      "content",           FEED_CONTENT      },
    {SPACE_FEED,      "summary",           FEED_SUMMARY      },
    {SPACE_FEED,      "abstract",          FEED_SUMMARY      },
    {SPACE_FEED,      "body",              FEED_CONTENT      },
    {SPACE_FEED,      "fullitem",          FEED_CONTENT      },
    {SPACE_FEED,      "enclosure",         FEED_ENCLOSURE    },
    {SPACE_FEED,      "source",            FEED_SOURCE       },
    {SPACE_FEED,      "copyright",         FEED_RIGHTS       },
    {SPACE_FEED,      "rights",            FEED_RIGHTS       },
    {SPACE_FEED,      "language",          FEED_LANGUAGE     },
    {SPACE_FEED,      "tags",              FEED_KEYWORDS     },
    {SPACE_FEED,      "keywords",          FEED_KEYWORDS     },
    {SPACE_FEED,      "image",             FEED_IMAGE        },
    {SPACE_FEED,      "comments",          FEED_SKIP         },
    {SPACE_FEED,      "generator",         FEED_SKIP         },
    {SPACE_FEED,      "date",              FEED_DATE         },
    {SPACE_DC,        "title",             FEED_TITLE_OTHER  },
    {SPACE_DC,        "creator",           FEED_CREATOR      },
    {SPACE_DC,        "author",            FEED_CREATOR      },
    {SPACE_DC,        "contributor",       FEED_CONTRIBUTOR  },
    {SPACE_DC,        "publisher",         FEED_PUBLISHER    },
    {SPACE_DC,        "subject",           FEED_CATEGORY     },
    {SPACE_DC,        "description",       FEED_SUMMARY_OTHER},
    {SPACE_DC,        "abstract",          FEED_SUMMARY_OTHER},
    {SPACE_DC,        "date",              FEED_DATE         },
    {SPACE_DC,        "issued",            FEED_PUBLISHED    },
    {SPACE_DC,        "modified",          FEED_UPDATED      },
    {SPACE_DC,        "created",           FEED_CREATED      },
    {SPACE_DC,        "valid",             FEED_EXPIRES      },
    {SPACE_DC,        "language",          FEED_LANGUAGE     },
    {SPACE_DC,        "rights",            FEED_RIGHTS       },
    {SPACE_DC,        "identifier",        FEED_IDENTIFIER   },
    {SPACE_DC,        "source",            FEED_SOURCE       },
    {SPACE_CONTENT,   "encoded",           FEED_CONTENT      },
    {SPACE_XHTML,     "body",              FEED_CONTENT      },
    {SPACE_XHTML,     "div",               FEED_CONTENT      },
    {SPACE_EXCERPT,   "encoded",           FEED_SUMMARY      },
    {SPACE_MEDIA,     "content",           FEED_MEDIA        },
    {SPACE_MEDIA,     "group",             FEED_MEDIA_GROUP  },
    {SPACE_MEDIA,     "thumbnail",         FEED_THUMBNAIL    },
    {SPACE_MEDIA,     "credit",            FEED_CREDIT       },
    {SPACE_MEDIA,     "title",             FEED_TITLE_OTHER  },
    {SPACE_MEDIA,     "description",       FEED_SUMMARY_OTHER},
    {SPACE_MEDIA,     "keywords",          FEED_KEYWORDS     },
    {SPACE_MEDIA,     "category",          FEED_CATEGORY     },
    {SPACE_MEDIA,     "copyright",         FEED_RIGHTS       },
    {SPACE_ITUNES,    "title",             FEED_TITLE_OTHER  },
    {SPACE_ITUNES,    "author",            FEED_AUTHOR_OTHER },
    {SPACE_ITUNES,    "summary",           FEED_SUMMARY_OTHER},
    {SPACE_ITUNES,    "keywords",          FEED_KEYWORDS     },
    {SPACE_ITUNES,    "image",             FEED_IMAGE        },
    {SPACE_BURNER,    "origlink",          FEED_LINK_ORIGINAL},
    {SPACE_TOMBSTONE, "deleted-entry",     FEED_DELETED      },
    {SPACE_TOMBSTONE, "comment",           FEED_COMMENT      },
    {SPACE_TOMBSTONE, "by",                FEED_AUTHOR       },
    {SPACE_CONTROL,   "control",           FEED_CONTROL      },
    {SPACE_CONTROL,   "edited",            FEED_SKIP         },
    {SPACE_LICENSE,   "license",           FEED_LICENSE      },
    {SPACE_WP,        "post_date_gmt",     FEED_PUBLISHED_GMT},
    {SPACE_WP,        "post_modified_gmt", FEED_UPDATED      },
    {SPACE_WP,        "status",            FEED_STATUS       },
    {SPACE_WP,        "attachment_url",    FEED_ATTACHMENT   },
};

#define NAME_MAX_BYTES 24U

static struct slice
lower(struct slice name, char room[NAME_MAX_BYTES])
{
    if (name.size > NAME_MAX_BYTES)
        return name; // as long as none that is known
    for (size_t i = 0; i < name.size; i++) {
        char c = (char)name.data[i];
        room[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    return slice_of(room, name.size);
}

enum feed_kind
feed_kind_of(const struct feed *f, const struct xml_node *node)
{
    char room[NAME_MAX_BYTES];
    struct slice name = lower(node->name, room);
    enum space space = space_of(f, node->space);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].space == space && slice_is(name, names[i].name))
            return names[i].kind;
    // The housekeeping of WordPress and of podcast shops is not the article's.
    bool skip = space == SPACE_SKIP || space == SPACE_WP || space == SPACE_ITUNES;
    return skip ? FEED_SKIP : FEED_UNKNOWN;
}

struct feed_level
feed_level_of(const struct feed *f, const struct xml_node *node)
{
    struct feed_level level = {.node = node};
    uint32_t count = 0;
    for (const struct xml_node *n = xml_first(node, NULL); n; n = xml_next(n, NULL))
        count++;
    level.parts = count ? arena_array(f->arena, count, sizeof *level.parts) : NULL;
    if (!level.parts)
        return level;
    for (const struct xml_node *n = xml_first(node, NULL); n; n = xml_next(n, NULL))
        level.parts[level.count++] = (struct feed_part){feed_kind_of(f, n), n};
    return level;
}

const struct xml_node *
feed_part(const struct feed_level *level, enum feed_kind kind)
{
    for (uint32_t i = 0; i < level->count; i++)
        if (level->parts[i].kind == kind)
            return level->parts[i].node;
    return NULL;
}
