/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers wider than those that every processor of the kind has: which this one has,
 * as the C library has found out already. Functions that use them are marked with the
 * target, and are called only where HAS_AVX2 is true.
 */
#ifndef BASE_WIDE_H
#define BASE_WIDE_H

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__has_include)
#if __has_include(<sys/platform/x86.h>)
#include <immintrin.h>
#include <sys/platform/x86.h>
#define WIDE        1
#define TARGET_AVX2 __attribute__((target("avx2,bmi")))
#define HAS_AVX2    (CPU_FEATURE_ACTIVE(AVX2) && CPU_FEATURE_ACTIVE(BMI1))
#endif
#endif

#endif
