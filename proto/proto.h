// The door of proto/: what bytes mean, for the daemon and for clients alike.
#ifndef PROTO_PROTO_H
#define PROTO_PROTO_H

#include "proto/decode.h"
#include "proto/encode.h"
#include "proto/error.h"
#include "proto/explanation.h"
#include "proto/hint.h"
#include "proto/json.h"
#include "proto/message.h"
#include "proto/place.h"
#include "proto/slice.h"
#include "proto/topic.h"
#include "proto/utf8.h"

#endif
