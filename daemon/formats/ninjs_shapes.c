// The tables of ninjs_shape.h. Read from the IPTC's schemas 1.0 to 3.1; the words of the
// schemas are theirs, the tables are ours.
#include "formats/ninjs_shape.h"

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define SHAPE(id, ...) const struct shape id = {id##_props, sizeof id##_props / sizeof *id##_props, __VA_ARGS__}

// A property with the same kind in all families, then its shape or words.
#define P(v1, v2, v3, kind, ...) {{v1, v2, v3}, PROP_##kind, __VA_ARGS__}
#define T(v1, v2, v3) {{v1, v2, v3}, PROP_TEXT, NULL, NULL, false}
#define SAME(name) T(name, name, name)

// clang-format off
static bool
has(const struct value *object, const char *name)
{
    return value_get(object, name) != NULL;
}

static const char *
contact_rule(const struct value *object)
{
    return has(object, "value") == has(object, "address") ? "has neither or both of value and address" : NULL;
}

static const char *
rights_rule(const struct value *object)
{
    return has(object, "linkedRights") == has(object, "encodedRights") ? "has neither or both of linkedRights and encodedRights" : NULL;
}

// One start or one end is known exactly; both exact and expected of one is no date.
static const char *
dates_rule(const struct value *object)
{
    bool start = has(object, "startDate") != has(object, "expectedStartDate");
    bool end = has(object, "endDate") != has(object, "expectedEndDate");
    return start || end ? NULL : "has no start or end, or both exact and expected ones";
}

static const struct prop address_props[] = {
    P("lines", "lines", "lines", TEXTS, NULL, NULL, false),
    SAME("locality"),
    SAME("area"),
    T("postalcode", "postalcode", "postalCode"),
    SAME("country"),
};
static SHAPE(address, NULL, NINJS_1, NULL);

static const struct prop contact_props[] = {
    SAME("type"),
    SAME("role"),
    SAME("lang"),
    SAME("name"),
    SAME("value"),
    P("address", "address", "address", OBJECT, &address, NULL, false),
};
static SHAPE(contact, NULL, NINJS_1, contact_rule);

static const struct prop symbol_props[] = {
    T("ticker", "ticker", NULL),
    SAME("exchange"),
    T("symboltype", "symboltype", "symbolType"),
    SAME("symbol"),
};
static SHAPE(symbol, NULL, NINJS_1, NULL);

// Subjects, people, places and the like: 1.x has scheme and code where later families
// have uri or literal, which some wires write in 1.x too.
static const struct prop concept_props[] = {
    SAME("name"),
    SAME("rel"),
    SAME("uri"),
    SAME("literal"),
    T("scheme", NULL, NULL),
    T("code", NULL, NULL),
    T(NULL, "role", "role"),
    T(NULL, NULL, "id"),
    SAME("creator"),
    T("title", "title", "title"),
    T("href", "href", "href"),
    P("relevance", "relevance", "relevance", PERCENT, NULL, NULL, false),
    P("confidence", "confidence", "confidence", PERCENT, NULL, NULL, false),
    P("symbols", "symbols", "symbols", LIST, &symbol, NULL, false),
    P("contactinfo", "contactinfo", "contactInfo", LIST, &contact, NULL, false),
    P(NULL, "geojson", "geoJSON", ANY, NULL, NULL, false),
    P("geometry_", NULL, NULL, ANY, NULL, NULL, true),
};
static SHAPE(concept, NULL, NINJS_1, NULL);

static const struct prop text_props[] = {
    SAME("role"),
    T(NULL, "contenttype", "contentType"),
    SAME("value"),
    P(NULL, "charcount", "charCount", NUMBER, NULL, NULL, false),
    P(NULL, "wordcount", "wordCount", NUMBER, NULL, NULL, false),
};
static SHAPE(text, "value", NINJS_2, NULL);

static const struct prop poi_props[] = {
    P(NULL, NULL, "x", INTEGER, NULL, NULL, false),
    P(NULL, NULL, "y", INTEGER, NULL, NULL, false),
};
static SHAPE(poi, NULL, NINJS_3, NULL);

static const struct prop rendition_props[] = {
    T(NULL, "name", "name"),
    SAME("href"),
    T("mimetype", "contenttype", "contentType"),
    SAME("title"),
    P("width", "width", "width", NUMBER, NULL, NULL, false),
    P("height", "height", "height", NUMBER, NULL, NULL, false),
    P("sizeinbytes", "sizeinbytes", "sizeInBytes", NUMBER, NULL, NULL, false),
    P("duration", "duration", "duration", NUMBER, NULL, NULL, false),
    SAME("format"),
    T(NULL, NULL, "aspectRatio"),
    T(NULL, NULL, "videoCodec"),
    P(NULL, NULL, "frameRate", NUMBER, NULL, NULL, false),
    P(NULL, NULL, "poi", OBJECT, &poi, NULL, false),
    T(NULL, NULL, "transportProtocol"),
    P(NULL, NULL, "scanType", WORD, NULL, WORDS("progressive", "interlaced"), false),
    T(NULL, NULL, "bitrate"),
};
static SHAPE(rendition, "name", NINJS_2, NULL);

static const struct prop pair_props[] = {
    SAME("role"),
    SAME("value"),
};
static SHAPE(pair, NULL, NINJS_2, NULL);

static const struct prop standard_props[] = {
    SAME("name"),
    SAME("version"),
    SAME("schema"),
};
static SHAPE(standard, NULL, NINJS_1, NULL);

static const struct prop rights_props[] = {
    T("langid", "langid", "langId"),
    T("linkedrights", "linkedrights", "linkedRights"),
    T("encodedrights", "encodedrights", "encodedRights"),
};
static SHAPE(rights, NULL, NINJS_1, rights_rule);

static const struct prop digital_source_props[] = {
    SAME("name"),
    SAME("uri"),
    SAME("literal"),
};
static SHAPE(digital_source, NULL, NINJS_1, NULL);

static const struct prop rule_props[] = {
    P(NULL, NULL, "frequency", WORD, NULL, WORDS("secondly", "minutely", "hourly", "daily", "weekly", "monthly", "yearly"), false),
    P(NULL, NULL, "interval", INTEGER, NULL, NULL, false),
    P(NULL, NULL, "until", TIME, NULL, NULL, false),
    P(NULL, NULL, "count", INTEGER, NULL, NULL, false),
};
static SHAPE(rule, NULL, NINJS_3, NULL);

// The schema of recurrenceDates contradicts itself (a list that is text): not looked into.
static const struct prop recurrence_props[] = {
    P(NULL, NULL, "recurrenceDates", ANY, NULL, NULL, false),
    P(NULL, NULL, "recurrenceRules", LIST, &rule, NULL, false),
};
static SHAPE(recurrence, NULL, NINJS_3, NULL);

static const struct prop dates_props[] = {
    P(NULL, NULL, "startDate", TIME, NULL, NULL, false),
    P(NULL, NULL, "endDate", TIME, NULL, NULL, false),
    P(NULL, NULL, "expectedStartDate", DAY, NULL, NULL, false),
    P(NULL, NULL, "expectedEndDate", DAY, NULL, NULL, false),
    T(NULL, NULL, "expectedDuration"),
    P(NULL, NULL, "recurrence", OBJECT, &recurrence, NULL, false),
};
static SHAPE(dates, NULL, NINJS_3, dates_rule);

static const struct prop event_props[] = {
    T(NULL, NULL, "eventStatus"),
    T(NULL, NULL, "plannedCoverageStatus"),
    P(NULL, NULL, "dates", OBJECT, &dates, NULL, false),
    P(NULL, NULL, "organiser", OBJECT, &concept, NULL, false),
};
static SHAPE(event, NULL, NINJS_3, NULL);

static const struct prop reference_props[] = {
    SAME("name"),
    SAME("value"),
};
static SHAPE(reference, NULL, NINJS_3, NULL);

static const struct prop commissioned_props[] = {
    T(NULL, NULL, "by"),
    P(NULL, NULL, "on", TIME, NULL, NULL, false),
    P(NULL, NULL, "references", LIST, &reference, NULL, false),
};
static SHAPE(commissioned, NULL, NINJS_3, NULL);

static const struct prop audience_props[] = {
    T(NULL, NULL, "audience"),
    P(NULL, NULL, "significance", INTEGER, NULL, NULL, false),
};
static SHAPE(audience, NULL, NINJS_3, NULL);

static const struct prop range_props[] = {
    P(NULL, NULL, "rangeFrom", INTEGER, NULL, NULL, false),
    P(NULL, NULL, "rangeTo", INTEGER, NULL, NULL, false),
};
static SHAPE(range, NULL, NINJS_3, NULL);

#define STATUS_WORDS WORDS("usable", "withheld", "canceled")
#define TYPE_WORDS WORDS("text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning")

static const struct prop coverage_props[] = {
    T(NULL, NULL, "uri"),
    T(NULL, NULL, "title"),
    P(NULL, NULL, "pubStatus", WORD, NULL, STATUS_WORDS, false),
    P(NULL, NULL, "type", WORD, NULL, TYPE_WORDS, false),
    P(NULL, NULL, "commissioned", OBJECT, &commissioned, NULL, false),
    P(NULL, NULL, "dates", OBJECT, &dates, NULL, false),
    P(NULL, NULL, "audiences", LIST, &audience, NULL, false),
    P(NULL, NULL, "exclAudience", TEXTS, NULL, NULL, false),
    T(NULL, NULL, "edNote"),
    P(NULL, NULL, "urgency", URGENCY, NULL, NULL, false),
    T(NULL, NULL, "language"),
    P(NULL, NULL, "itemCount", OBJECT, &range, NULL, false),
    P(NULL, NULL, "wordCount", INTEGER, NULL, NULL, false),
    P(NULL, NULL, "renditions", LIST, &rendition, NULL, false),
};
static SHAPE(coverage, NULL, NINJS_3, NULL);

// An association is an item with a name; its uri is required as the item's is.
static const struct prop ninjs_item_props[] = {
    SAME("uri"),
    P("type", "type", "type", WORD, NULL, TYPE_WORDS, false),
    T("mimetype", NULL, NULL),
    P("representationtype", "representationtype", "representationType", WORD, NULL, WORDS("complete", "incomplete", "full", "partial"), false),
    SAME("profile"),
    SAME("version"),
    P("firstcreated", "firstcreated", "firstCreated", TIME, NULL, NULL, false),
    P("versioncreated", "versioncreated", "versionCreated", TIME, NULL, NULL, false),
    P("contentcreated", "contentcreated", "contentCreated", TIME, NULL, NULL, false),
    P("embargoed", "embargoed", "embargoedUntil", TIME, NULL, NULL, false),
    P("expires", "expires", "expires", TIME, NULL, NULL, false),
    P("pubstatus", "pubstatus", "pubStatus", WORD, NULL, STATUS_WORDS, false),
    P("urgency", "urgency", "urgency", URGENCY, NULL, NULL, false),
    T("copyrightholder", "copyrightholder", "copyrightHolder"),
    T("copyrightnotice", "copyrightnotice", "copyrightNotice"),
    T("usageterms", "usageterms", "usageTerms"),
    T("ednote", "ednote", "edNote"),
    SAME("language"),
    SAME("title"),
    T("byline", "by", "by"),
    SAME("slugline"),
    SAME("located"),
    T("headline", NULL, NULL),
    P("headline_", NULL, NULL, TEXT, NULL, NULL, true),
    P("description_", NULL, NULL, TEXT, NULL, NULL, true),
    P("body_", NULL, NULL, TEXT, NULL, NULL, true),
    P("charcount", NULL, NULL, NUMBER, NULL, NULL, false),
    P("wordcount", NULL, NULL, NUMBER, NULL, NULL, false),
    P(NULL, "headlines", "headlines", LIST, &text, NULL, false),
    P(NULL, "descriptions", "descriptions", LIST, &text, NULL, false),
    P(NULL, "bodies", "bodies", LIST, &text, NULL, false),
    P("person", "people", "people", LIST, &concept, NULL, false),
    P("organisation", "organisations", "organisations", LIST, &concept, NULL, false),
    P("place", "places", "places", LIST, &concept, NULL, false),
    P("subject", "subjects", "subjects", LIST, &concept, NULL, false),
    P("event", "events", "events", LIST, &concept, NULL, false),
    P("object", "objects", "objects", LIST, &concept, NULL, false),
    P("infosource", "infosources", "infoSources", LIST, &concept, NULL, false),
    P("genre", "genres", "genres", LIST, &concept, NULL, false),
    P("trustindicator", "trustindicators", "trustIndicators", LIST, &concept, NULL, false),
    P("renditions", NULL, NULL, TABLE, &rendition, NULL, false),
    P(NULL, "renditions", "renditions", LIST, &rendition, NULL, false),
    P("associations", NULL, NULL, TABLE, &ninjs_item, NULL, false),
    P(NULL, "associations", "associations", LIST, &ninjs_item, NULL, false),
    P("altids", NULL, NULL, ANY, NULL, NULL, false),
    P(NULL, "altids", "altIds", LIST, &pair, NULL, false),
    P("$standard", "standard", "standard", OBJECT, &standard, NULL, false),
    P("rightsinfo", "rightsinfo", "rightsInfo", OBJECT, &rights, NULL, false),
    P("digitalsourcetype", "digitalsourcetype", "digitalSourceType", OBJECT, &digital_source, NULL, false),
    P(NULL, NULL, "eventDetails", OBJECT, &event, NULL, false),
    P(NULL, NULL, "plannedCoverage", LIST, &coverage, NULL, false),
    T(NULL, "name", "name"),
    T(NULL, NULL, "rel"),
};
SHAPE(ninjs_item, "uri", NINJS_1, NULL);
// clang-format on
