// Includes KERNEL_FILE for each instruction set, for one scalar type; a part of instantiate.h.

#define LEVEL v4
#define TARGET TARGET_V4
#define REGISTERS 32
#define LANES WIDE
#define KERNEL VERSION
VECTOR_TYPE
#include KERNEL_FILE
#undef LEVEL
#undef TARGET
#undef REGISTERS
#undef LANES

#define LEVEL v3
#define TARGET TARGET_V3
#define REGISTERS 16
#define LANES NARROW
VECTOR_TYPE
#include KERNEL_FILE
#undef LEVEL
#undef TARGET
#undef KERNEL

// The baseline takes the same vectors in two halves.
#define LEVEL v0
#define TARGET
#define KERNEL LAST_VERSION
VECTOR_TYPE
#include KERNEL_FILE
#undef LEVEL
#undef TARGET
#undef REGISTERS
#undef LANES
#undef KERNEL
