/// A few threads that work in step on one kernel: their steps take microseconds.
#ifndef TEAM_H
#define TEAM_H

#include "waiting.h"

#include <pthread.h>
#include <stddef.h>

/// The largest number of threads that work together.
enum { most_threads = 64 };

/// How long a thread that waits for the others stays awake.
enum { team_awake_nanoseconds = 300000 };

typedef struct {
    /// The number of threads; 0 until all that could be started are.
    _Atomic int threads;
    /// How often each thread has waited.
    ck_signal of[most_threads];
} team_barrier;

/// Waits until the number of threads is known, and returns it.
static inline int team_assemble(team_barrier *barrier) {
    int threads;
    while ((threads = atomic_load_explicit(&barrier->threads, memory_order_acquire)) == 0) { sched_yield(); }
    return threads;
}

/// Returns when every thread has called it as often as this one. `round` is the thread's own count of calls.
static inline void team_wait(team_barrier *barrier, int thread, int *round) {
    const int threads = atomic_load_explicit(&barrier->threads, memory_order_relaxed);
    const uint32_t mine = (uint32_t)++*round;
    if (threads == 1) { return; }
    signal_raise(&barrier->of[thread], mine);
    for (int other = 0; other < threads; other++) {
        if (other != thread) { signal_wait(&barrier->of[other], mine, team_awake_nanoseconds); }
    }
}

/// Starts a thread on another core than the calling thread's.
///
/// A scheduler that finds the machine idle may put both on one core for some milliseconds, in which they would wait
/// for each other at every step.
static inline int team_start(pthread_t *thread, void *(*run)(void *), void *argument) {
#if defined(__linux__)
    pthread_attr_t attributes;
    cpu_set_t others;
    int core = sched_getcpu();
    if (core >= 0 && sched_getaffinity(0, sizeof others, &others) == 0 && CPU_COUNT(&others) > 1
        && pthread_attr_init(&attributes) == 0) {
        CPU_CLR((size_t)core, &others);
        int failed = pthread_attr_setaffinity_np(&attributes, sizeof others, &others)
            || pthread_create(thread, &attributes, run, argument);
        pthread_attr_destroy(&attributes);
        if (!failed) { return 0; }
    }
#endif
    return pthread_create(thread, NULL, run, argument);
}

#endif
