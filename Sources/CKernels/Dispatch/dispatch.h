/// How a kernel is compiled three times: its body is inlined into a function for each instruction set.
#ifndef DISPATCH_H
#define DISPATCH_H

#define BODY static inline __attribute__((always_inline))

#if defined(__x86_64__)
// Vectors of 64 bytes stay whole: the compiler would split them for processors that slow down for them.
#define FOR_V4 __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define FOR_V3 __attribute__((target("arch=x86-64-v3")))
#else
#define FOR_V4
#define FOR_V3
#endif

/// Defines the three compilations of a body and `name_at(level, …)`, which calls the one for a level.
#define DISPATCH(result, name, parameters, arguments, typed) \
    DISPATCH_BODIES(result, name, name##_body, name##_body, parameters, arguments, typed)

/// The same for a body `name_body_wide` for AVX-512 beside `name_body_narrow`.
#define DISPATCH_WIDE(result, name, parameters, arguments, typed) \
    DISPATCH_BODIES(result, name, name##_body_wide, name##_body_narrow, parameters, arguments, typed)

#define DISPATCH_BODIES(result, name, wide, narrow, parameters, arguments, typed) \
    FOR_V4 static result name##_v4 parameters { return wide arguments; } \
    FOR_V3 static result name##_v3 parameters { return narrow arguments; } \
    static result name##_v0 parameters { return narrow arguments; } \
    result name##_at typed { \
        if (level >= 4) { return name##_v4 arguments; } \
        if (level >= 3) { return name##_v3 arguments; } \
        return name##_v0 arguments; \
    } \
    result name parameters { return name##_at(ck_level(), UNWRAP arguments); }

#define UNWRAP(...) __VA_ARGS__

#endif
