/// A count that threads wait for: at first awake, then asleep.
///
/// A thread that spins for another one which is not running uses up the time in which that one could run, and
/// sched_yield gives way only to threads of the same core's queue. A sleeping thread costs nothing, and the scheduler
/// lets it run soon after it is woken, also beside busy processes.
#ifndef WAITING_H
#define WAITING_H

#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <limits.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

/// It has a line of the cache to itself, so that one transfer tells another core the count.
typedef struct {
    _Alignas(64) _Atomic uint32_t count;
    _Atomic uint32_t sleepers;
} ck_signal;

static inline void signal_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static inline int64_t signal_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/// Until this time other processes are taken to want the cores, because a thread that gave way got its core back
/// late.
extern _Atomic int64_t signal_crowded_until;

/// Whether the count has reached `wanted`; counts wrap around.
static inline bool signal_has_reached(ck_signal *signal, uint32_t wanted) {
    return (int32_t)(atomic_load_explicit(&signal->count, memory_order_acquire) - wanted) >= 0;
}

/// Sets the count and wakes the threads that sleep until it is set.
static inline void signal_raise(ck_signal *signal, uint32_t count) {
    // Sequentially consistent, as in signal_sleep: either this thread sees the sleeper, or the sleeper sees the
    // count.
    atomic_store(&signal->count, count);
    if (atomic_load(&signal->sleepers) == 0) { return; }
#if defined(__linux__)
    syscall(SYS_futex, &signal->count, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
#endif
}

/// Sleeps until the count has reached `wanted`.
static inline void signal_sleep(ck_signal *signal, uint32_t wanted) {
    atomic_fetch_add(&signal->sleepers, 1);
    for (;;) {
        uint32_t seen = atomic_load(&signal->count);
        if ((int32_t)(seen - wanted) >= 0) { break; }
#if defined(__linux__)
        // Returns at once where the count is no longer what was seen.
        syscall(SYS_futex, &signal->count, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
#else
        nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
#endif
    }
    atomic_fetch_sub(&signal->sleepers, 1);
}

/// Returns once the count has reached `wanted`. Stays awake for about `awake_nanoseconds`, less on a crowded machine:
/// to be woken takes 10 to 100 µs, as long as many steps of a decomposition.
static inline void signal_wait(ck_signal *signal, uint32_t wanted, int64_t awake_nanoseconds) {
    for (int spins = 0; spins < 500; spins++) {
        if (signal_has_reached(signal, wanted)) { return; }
        signal_pause();
    }
    const int64_t start = signal_nanoseconds();
    int64_t now = start;
    while (now - start < awake_nanoseconds
        && now >= atomic_load_explicit(&signal_crowded_until, memory_order_relaxed)) {
        sched_yield();
        const int64_t before = now;
        now = signal_nanoseconds();
        // Another process had the core meanwhile, and is likely to want it for longer.
        if (now - before > 300000) {
            atomic_store_explicit(&signal_crowded_until, now + 100000000, memory_order_relaxed);
        }
        for (int spins = 0; spins < 100; spins++) {
            if (signal_has_reached(signal, wanted)) { return; }
            signal_pause();
        }
    }
    signal_sleep(signal, wanted);
}

#endif
