#pragma once

#include <stddef.h>

/// A file of the embedded sample.
typedef struct {
  const char *_Nonnull name;
  const unsigned char *_Nonnull bytes;
  size_t size;
} CSampleFile;

/// The number of files.
size_t csample_count(void);

/// The i-th file in the order of their names, or NULL.
const CSampleFile *_Nullable csample_file(size_t i);
