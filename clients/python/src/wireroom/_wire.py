"""Numbers and names of the wire. Made by proto/gen.py from the tables: edit those."""
from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    name: str
    type: str
    required: bool
    min: int
    max: int


class Message(NamedTuple):
    name: str
    number: int
    body: str
    fields: tuple[Field, ...]


class Error(NamedTuple):
    name: str
    number: int
    transient: bool
    text: str
    next: str


VERSION = 1

MESSAGES: tuple[Message, ...] = (
    Message('HELLO', 0x01, 'NONE', (
        Field('client', 'STR', False, 0, 128),
        Field('principal', 'STR', False, 1, 64),
    )),
    Message('WELCOME', 0x02, 'NONE', (
        Field('server', 'STR', True, 1, 128),
        Field('version', 'UINT', True, 1, 255),
        Field('principal', 'STR', True, 0, 64),
        Field('roles', 'LIST', True, 0, 16),
        Field('sources', 'LIST', True, 0, 65536),
        Field('store', 'BIN', True, 16, 16),
        Field('epoch', 'UINT', True, 0, 18446744073709551615),
        Field('seq', 'UINT', True, 0, 18446744073709551615),
        Field('heartbeat_ms', 'UINT', True, 1, 60000),
        Field('submission_bytes', 'UINT', True, 1, 18446744073709551615),
        Field('submission_items', 'UINT', True, 1, 18446744073709551615),
        Field('credit_bytes', 'UINT', True, 0, 18446744073709551615),
        Field('credit_messages', 'UINT', True, 0, 18446744073709551615),
        Field('submit', 'STR', True, 0, 256),
        Field('feed', 'STR', True, 0, 256),
        Field('notice', 'STR', True, 0, 256),
        Field('query', 'STR', True, 0, 256),
        Field('admin', 'STR', True, 0, 256),
        Field('formats', 'LIST', True, 0, 64),
    )),
    Message('HEARTBEAT', 0x03, 'NONE', (
    )),
    Message('BYE', 0x04, 'NONE', (
        Field('reason', 'STR', False, 0, 256),
    )),
    Message('REFUSED', 0x05, 'NONE', (
        Field('n', 'UINT', False, 0, 18446744073709551615),
        Field('code', 'UINT', True, 1, 65535),
        Field('error', 'STR', True, 1, 32),
        Field('transient', 'BOOL', True, 0, 1),
        Field('retry_after_ms', 'UINT', False, 0, 18446744073709551615),
        Field('field', 'STR', False, 0, 96),
        Field('at', 'UINT', False, 0, 18446744073709551615),
        Field('words', 'STR', True, 0, 512),
        Field('seq', 'UINT', False, 0, 18446744073709551615),
    )),
    Message('CREDIT', 0x06, 'NONE', (
        Field('bytes', 'UINT', True, 0, 18446744073709551615),
        Field('messages', 'UINT', True, 0, 18446744073709551615),
    )),
    Message('PING', 0x07, 'NONE', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
    )),
    Message('PONG', 0x08, 'NONE', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
    )),
    Message('SUBMIT', 0x10, 'RAW', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
        Field('id', 'BIN', True, 16, 16),
        Field('source', 'STR', False, 1, 64),
        Field('format', 'STR', False, 1, 32),
        Field('issue_date', 'STR', False, 10, 10),
        Field('page', 'STR', False, 1, 256),
        Field('language', 'STR', False, 2, 35),
        Field('zone', 'STR', False, 1, 64),
        Field('charset', 'STR', False, 1, 40),
        Field('all_or_nothing', 'BOOL', False, 0, 1),
    )),
    Message('RECEIPT', 0x11, 'PACKED', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
    )),
    Message('WANT', 0x12, 'NONE', (
        Field('bytes', 'UINT', True, 0, 18446744073709551615),
        Field('messages', 'UINT', True, 0, 18446744073709551615),
    )),
    Message('DRYRUN', 0x13, 'RAW', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
        Field('source', 'STR', False, 1, 64),
        Field('format', 'STR', False, 1, 32),
        Field('issue_date', 'STR', False, 10, 10),
        Field('page', 'STR', False, 1, 256),
        Field('language', 'STR', False, 2, 35),
        Field('zone', 'STR', False, 1, 64),
        Field('charset', 'STR', False, 1, 40),
        Field('all_or_nothing', 'BOOL', False, 0, 1),
        Field('explain', 'BOOL', False, 0, 1),
    )),
    Message('ADVICE', 0x14, 'PACKED', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
    )),
    Message('SETTLE', 0x15, 'NONE', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
        Field('record', 'UINT', True, 1, 18446744073709551615),
        Field('verb', 'STR', True, 1, 32),
    )),
    Message('OPEN', 0x20, 'NONE', (
        Field('after', 'UINT', False, 0, 18446744073709551615),
        Field('epoch', 'UINT', False, 0, 18446744073709551615),
        Field('since', 'INT', False, -9223372036854775808, 9223372036854775807),
        Field('cursor', 'BIN', False, 24, 24),
        Field('snapshot', 'BOOL', False, 0, 1),
        Field('bodies', 'STR', False, 1, 16),
    )),
    Message('OPENED', 0x21, 'NONE', (
        Field('epoch', 'UINT', True, 0, 18446744073709551615),
        Field('after', 'UINT', True, 0, 18446744073709551615),
        Field('head', 'UINT', True, 0, 18446744073709551615),
        Field('oldest', 'UINT', True, 0, 18446744073709551615),
    )),
    Message('EVENT', 0x22, 'PACKED', (
        Field('first', 'UINT', True, 0, 18446744073709551615),
        Field('last', 'UINT', True, 0, 18446744073709551615),
        Field('cursor', 'BIN', True, 24, 24),
        Field('snapshot', 'BOOL', False, 0, 1),
    )),
    Message('SNAPSHOT_END', 0x23, 'NONE', (
        Field('seq', 'UINT', True, 0, 18446744073709551615),
        Field('cursor', 'BIN', True, 24, 24),
    )),
    Message('ACK', 0x24, 'NONE', (
        Field('seq', 'UINT', True, 0, 18446744073709551615),
    )),
    Message('HEAD', 0x25, 'NONE', (
        Field('epoch', 'UINT', True, 0, 18446744073709551615),
        Field('seq', 'UINT', True, 0, 18446744073709551615),
        Field('sent', 'UINT', True, 0, 18446744073709551615),
        Field('time', 'INT', True, -9223372036854775808, 9223372036854775807),
        Field('cursor', 'BIN', False, 24, 24),
    )),
    Message('GET', 0x30, 'NONE', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
        Field('source', 'STR', False, 1, 64),
        Field('uri', 'STR', False, 1, 1024),
        Field('revision', 'UINT', False, 1, 18446744073709551615),
        Field('version', 'STR', False, 1, 64),
        Field('after_seq', 'UINT', False, 0, 18446744073709551615),
    )),
    Message('ARTICLE', 0x31, 'PACKED', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
        Field('seq', 'UINT', True, 0, 18446744073709551615),
    )),
    Message('LIST', 0x32, 'NONE', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
        Field('source', 'STR', False, 1, 64),
        Field('since', 'INT', False, -9223372036854775808, 9223372036854775807),
        Field('until', 'INT', False, -9223372036854775808, 9223372036854775807),
        Field('limit', 'UINT', False, 1, 1000),
        Field('token', 'BIN', False, 1, 64),
        Field('after_seq', 'UINT', False, 0, 18446744073709551615),
    )),
    Message('HISTORY', 0x33, 'NONE', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
        Field('source', 'STR', True, 1, 64),
        Field('uri', 'STR', True, 1, 1024),
        Field('limit', 'UINT', False, 1, 1000),
        Field('token', 'BIN', False, 1, 64),
        Field('after_seq', 'UINT', False, 0, 18446744073709551615),
    )),
    Message('PAGE', 0x34, 'PACKED', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
        Field('seq', 'UINT', True, 0, 18446744073709551615),
        Field('token', 'BIN', False, 1, 64),
    )),
    Message('RAW', 0x35, 'NONE', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
        Field('source', 'STR', False, 1, 64),
        Field('uri', 'STR', False, 1, 1024),
        Field('revision', 'UINT', False, 1, 18446744073709551615),
        Field('record', 'UINT', False, 1, 18446744073709551615),
        Field('after_seq', 'UINT', False, 0, 18446744073709551615),
    )),
    Message('RAW_DATA', 0x36, 'RAW', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
        Field('format', 'STR', True, 0, 32),
        Field('digest', 'BIN', True, 32, 32),
        Field('record', 'UINT', True, 0, 18446744073709551615),
        Field('time', 'INT', True, -9223372036854775808, 9223372036854775807),
    )),
    Message('STATUS', 0x37, 'NONE', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
    )),
    Message('STATE', 0x38, 'NONE', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
        Field('server', 'STR', True, 1, 128),
        Field('store', 'BIN', True, 16, 16),
        Field('epoch', 'UINT', True, 0, 18446744073709551615),
        Field('seq', 'UINT', True, 0, 18446744073709551615),
        Field('checkpoint_seq', 'UINT', True, 0, 18446744073709551615),
        Field('oldest', 'UINT', True, 0, 18446744073709551615),
        Field('items', 'UINT', True, 0, 18446744073709551615),
        Field('records', 'UINT', True, 0, 18446744073709551615),
        Field('uptime_s', 'UINT', True, 0, 18446744073709551615),
        Field('disk_free', 'UINT', True, 0, 18446744073709551615),
        Field('store_bytes', 'UINT', True, 0, 18446744073709551615),
        Field('full', 'BOOL', True, 0, 1),
        Field('time', 'INT', True, -9223372036854775808, 9223372036854775807),
        Field('sources', 'UINT', True, 0, 18446744073709551615),
        Field('followers', 'UINT', True, 0, 18446744073709551615),
        Field('quarantined', 'UINT', False, 0, 18446744073709551615),
        Field('renewing', 'UINT', False, 0, 18446744073709551615),
    )),
    Message('QUARANTINE', 0x39, 'NONE', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
        Field('record', 'UINT', False, 1, 18446744073709551615),
        Field('source', 'STR', False, 1, 64),
        Field('settled', 'BOOL', False, 0, 1),
        Field('limit', 'UINT', False, 1, 1000),
        Field('token', 'BIN', False, 1, 64),
        Field('after_record', 'UINT', False, 0, 18446744073709551615),
    )),
    Message('RENORMALIZE', 0x3A, 'NONE', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
        Field('ask', 'BOOL', False, 0, 1),
        Field('source', 'STR', False, 1, 64),
        Field('since', 'INT', False, -9223372036854775808, 9223372036854775807),
        Field('dry_run', 'BOOL', False, 0, 1),
    )),
    Message('RENEWAL', 0x3B, 'PACKED', (
        Field('n', 'UINT', True, 0, 18446744073709551615),
    )),
)

ERRORS: tuple[Error, ...] = (
    Error('BAD_FRAME', 101, False, 'this is not a message of the wireroom protocol', 'see protocol.txt, CONVENTIONS: Frames'),
    Error('BAD_VERSION', 102, False, 'this version of the protocol is not spoken here', 'use the version that WELCOME names'),
    Error('UNKNOWN_MESSAGE', 103, False, 'no message has this number on this socket', 'see protocol.txt, MESSAGES; WELCOME names the address of each socket'),
    Error('BAD_MSGPACK', 104, False, 'these bytes are not one msgpack value of the protocol', 'encode with a msgpack library: keys are str, no extension types, nothing behind the value'),
    Error('TOO_DEEP', 105, False, 'nested deeper than the limit', 'flatten the value'),
    Error('TOO_MANY_VALUES', 106, False, 'more values than the limit, or than the bytes can hold', 'send fewer or split the submission'),
    Error('DUPLICATE_KEY', 107, False, 'a map has the same key twice', 'send each key once'),
    Error('BAD_TEXT', 108, False, 'a string is not UTF-8', 'encode text as UTF-8; send other bytes as bin'),
    Error('MISSING_FIELD', 109, False, 'a required field is missing', 'add the field'),
    Error('BAD_FIELD', 110, False, 'a field has the wrong type or is out of range', "see the field's row in protocol.txt"),
    Error('MISSING_FRAME', 111, False, 'the message has fewer or more frames than it needs', 'see the message in protocol.txt'),
    Error('NO_HELLO', 112, True, 'this connection has not said HELLO, or was given up', 'send HELLO, then send this again'),
    Error('NOT_ALLOWED', 201, False, 'this principal does not have the role', 'ask the operator: principals in wireroom.yaml'),
    Error('SOURCE_NOT_YOURS', 202, False, 'this principal may not speak for this source', 'name one of your sources, or ask the operator'),
    Error('SOURCE_MISSING', 203, False, 'no source was named and the principal has more than one', 'name the source: --source, or the field source'),
    Error('UNKNOWN_PEER', 204, False, 'the daemon does not know who is speaking', 'ask the operator to map your user in principals'),
    Error('OVER_CREDIT', 301, True, 'more was sent than the credit granted', 'wait for CREDIT, then send this again'),
    Error('TOO_LARGE', 302, False, 'larger than the limit', 'split it; WELCOME says the limit'),
    Error('BUSY', 303, True, 'the daemon has no room for this now', 'send this again after retry_after_ms'),
    Error('DRAINING', 304, True, 'the daemon is stopping', 'connect again and send this again'),
    Error('STORE_FULL', 305, True, 'the disk is below its floor; nothing was stored', "free space on the store's disk; sending again is safe"),
    Error('ID_REUSED', 306, False, 'this submission id was used for other bytes or hints', 'make a new id for new content'),
    Error('UNKNOWN_FORMAT', 401, False, 'no reader knows this format', 'send it in a format that is read here, or name its format with --format'),
    Error('ILL_FORMED', 402, False, 'the document breaks the syntax of its format', 'mend the document at the place named'),
    Error('INVALID', 403, False, 'the document breaks a rule of its format', 'mend the field named'),
    Error('NOT_TEXT', 404, False, 'the bytes are not text in the charset named or found', 'declare the charset or convert to UTF-8'),
    Error('EMPTY_ARTICLE', 405, False, 'there is no text, headline or media reference in it', 'send an article with content'),
    Error('FIELD_TOO_LONG', 406, False, 'a field is longer than its limit', 'shorten the field named'),
    Error('TOO_MANY_ITEMS', 407, False, 'more items than one submission may hold', 'split the submission'),
    Error('WR_FROM_OUTSIDE', 408, False, 'the wr object is written by wireroom alone', 'leave wr out'),
    Error('NO_ITEM', 409, False, 'no item could be cut from the page', 'look at the raw text; send items one by one'),
    Error('READER_DIED', 410, True, 'the reader process died of this submission, twice', 'report the document; retry after an update'),
    Error('READER_TIME', 411, True, 'reading took longer than the deadline, twice', 'report the document; retry after an update'),
    Error('READER_MEMORY', 412, True, 'reading took more memory than the limit, twice', 'report the document; retry after an update'),
    Error('READER_ANSWER', 413, True, 'the reader gave an answer that breaks its contract', 'report the document; retry after an update'),
    Error('TOO_MANY_FIELDS', 414, False, 'a list is longer than its limit', 'shorten the list named'),
    Error('NOT_AN_ARTICLE', 415, False, 'a document of this kind that carries no article', 'send the article itself'),
    Error('ALL_OR_NOTHING', 416, False, 'another item of the submission failed and all_or_nothing was set', 'mend the items named'),
    Error('TOO_OLD', 501, False, 'the place asked for has expired', 'open at the oldest, or take a SNAPSHOT'),
    Error('EPOCH_CHANGED', 502, False, 'the history after this cursor is not the one kept here', 'take a SNAPSHOT, or open after the last common seq'),
    Error('AHEAD', 503, False, 'the place asked for is after the head', 'open at the head'),
    Error('ACK_AHEAD', 504, False, 'an ack for a change that was not delivered', 'ack only what came, in order'),
    Error('NOT_OPEN', 505, False, 'no feed is open on this connection', 'send OPEN first'),
    Error('NOT_FOUND', 506, False, 'there is no such item or revision here', 'check what was named; list shows what is here'),
    Error('BAD_TOKEN', 507, False, 'this page token is not one of ours or has expired', 'start the list again'),
    Error('GATED', 508, False, 'the item is killed, withheld, embargoed or expired', 'its state says which and until when'),
    Error('NOT_YET', 509, True, 'after_seq has not been reached', 'ask again after retry_after_ms'),
    Error('SETTLED', 510, False, 'the quarantine entry was dealt with before, in another way', 'nothing is left to do: what was done first stands'),
    Error('STILL_UNREAD', 511, False, "it still can't be read; nothing was filed", 'mend the document and submit it; or release it as plain text, if it is text, or drop it'),
    Error('NO_MEMORY', 601, True, 'out of memory', 'send this again later; the operator should look at MemoryMax'),
    Error('IO', 602, True, 'the disk failed', "look at the kernel's log; restore if the disk is gone"),
    Error('DAMAGED', 603, False, 'stored bytes are not what was written', 'run wireroomd verify; restore from a backup'),
    Error('STORE_IN_USE', 604, False, 'another wireroomd has the store open', 'stop it, or name another store.path'),
    Error('STORE_VERSION', 605, False, 'the store was written by another version', 'run that version, or upgrade the store'),
    Error('STORE_MISMATCH', 606, False, 'the parts of the store do not belong together', 'restore the store whole, or start with --accept-loss'),
    Error('INTERNAL', 607, True, 'wireroom broke a promise to itself', 'report it with the log line'),
    Error('BAD_SETTING', 608, False, 'a setting is wrong', 'mend it; wireroomd --check-config shows all'),
    Error('CANNOT_LISTEN', 609, False, 'cannot listen on an address', 'mend that, or choose another address with --set and the setting named'),
)
