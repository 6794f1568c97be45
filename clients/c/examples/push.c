// push: submits files as the source named and prints what became of each item.
//
//   push SOURCE FILE...
//
// The address is in WIREROOM_SERVER. Exits 0 if every file has a receipt.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <wireroom.h>

static void
answered(void *user, const struct wireroom_answer *answer)
{
    unsigned *receipts = user;
    const char *path = answer->context;
    struct wireroom_value item;
    char outcome[32], uri[256];
    if (!answer->receipt.size) {
        (void)fprintf(stderr, "%s: %s\n", path, answer->fault.words);
        return;
    }
    ++*receipts;
    struct wireroom_elements items =
        wireroom_elements(wireroom_member(answer->receipt, "items"));
    while (wireroom_element(&items, &item))
        (void)printf("%s: %s %s seq %" PRIu64 "\n", path,
            wireroom_copy_text(
                wireroom_member(item, "outcome"), outcome, sizeof outcome),
            wireroom_copy_text(wireroom_member(item, "uri"), uri, sizeof uri),
            wireroom_uint(wireroom_member(item, "seq")));
}

// A whole file; free() it. NULL: it can't be read.
static char *
read_file(const char *path, size_t *size_out)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    size_t size = 0, room = 0, n = 1;
    while (file && n > 0) {
        if (size == room) {
            room = room ? 2 * room : 65536;
            char *more = realloc(bytes, room);
            if (!more)
                break;
            bytes = more;
        }
        n = fread(bytes + size, 1, room - size, file);
        size += n;
    }
    bool whole = file && feof(file) && !ferror(file);
    if (file)
        (void)fclose(file);
    if (!whole) {
        free(bytes);
        return NULL;
    }
    *size_out = size;
    return bytes;
}

// Answers come while others are still being sent: nothing here waits for one.
static enum wireroom_status
push(struct wireroom *w, const char *source, char *path, unsigned *receipts)
{
    size_t size = 0;
    char *bytes = read_file(path, &size);
    if (!bytes) {
        perror(path);
        return WIREROOM_OK;
    }
    struct wireroom_submission submission = {
        .bytes = bytes, .size = size, .source = source, .context = path};
    enum wireroom_status status;
    while ((status = wireroom_submit(w, &submission, answered, receipts)) ==
               WIREROOM_FULL &&
           (status = wireroom_process(w, 1000)) == WIREROOM_OK)
        ;
    free(bytes); // the library has its own copy
    return status ? status : wireroom_process(w, 0);
}

int
main(int argc, char **argv)
{
    struct wireroom_options options = {.client = "push example"};
    struct wireroom *w;
    unsigned receipts = 0;
    if (argc < 3) {
        (void)fprintf(stderr, "usage: push SOURCE FILE...\n");
        return 64;
    }
    enum wireroom_status status = wireroom_open(&options, &w);
    for (int i = 2; i < argc && !status; i++)
        status = push(w, argv[1], argv[i], &receipts);
    while (!status && wireroom_pending(w) > 0)
        status = wireroom_process(w, 1000);
    if (status)
        (void)fprintf(stderr, "%s\n", w ? wireroom_fault(w)->words : "out of memory");
    wireroom_close(&w);
    return !status && receipts == (unsigned)argc - 2 ? 0 : 1;
}
