// Includes TYPED_FILE, named as seen from this folder, for both scalar types, or for double alone where DOUBLE_ONLY
// is defined: with REAL, the type; TYPE, the end of its names; and NARROW and WIDE, its entries in 32 and in 64
// bytes.

#include "kernel.h"

#ifndef DOUBLE_ONLY
#define REAL float
#define TYPE f32
#define NARROW 8
#define WIDE 16
#include TYPED_FILE
#undef REAL
#undef TYPE
#undef NARROW
#undef WIDE
#endif

#define REAL double
#define TYPE f64
#define NARROW 4
#define WIDE 8
#include TYPED_FILE
#undef REAL
#undef TYPE
#undef NARROW
#undef WIDE

#undef TYPED_FILE
#undef DOUBLE_ONLY
