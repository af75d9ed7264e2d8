// What reading a repository of manifests cannot do without: every object of HEAD read by libgit2, every
// YAML file run through libyaml's events. Nothing is kept, checked or explained.
#pragma once
#include <stddef.h>

typedef struct {
  size_t files;
  size_t bytes;
  size_t events;
} baseline_counts;

/// Reads every file of HEAD; 0, or a negative number when something could not be read.
int baseline_read(const char *repository, baseline_counts *counts);
