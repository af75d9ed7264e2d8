#include "Baseline.h"

#include <git2.h>
#include <string.h>
#include <yaml.h>

typedef struct {
  git_repository *repository;
  baseline_counts *counts;
} walk;

static int run_events(const unsigned char *bytes, size_t length, size_t *count) {
  yaml_parser_t parser;
  yaml_event_t event;
  int is_end = 0;
  if (!yaml_parser_initialize(&parser)) return -1;
  yaml_parser_set_input_string(&parser, bytes, length);
  while (!is_end) {
    if (!yaml_parser_parse(&parser, &event)) {
      yaml_parser_delete(&parser);
      return -1;
    }
    is_end = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
    *count += 1;
  }
  yaml_parser_delete(&parser);
  return 0;
}

static int visit(const char *root, const git_tree_entry *entry, void *payload) {
  (void)root;
  walk *walk = payload;
  if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB) return 0;
  git_blob *blob = NULL;
  if (git_blob_lookup(&blob, walk->repository, git_tree_entry_id(entry)) != 0) return -1;
  size_t length = (size_t)git_blob_rawsize(blob);
  const char *name = git_tree_entry_name(entry);
  size_t name_length = strlen(name);
  int failure = 0;
  walk->counts->files += 1;
  walk->counts->bytes += length;
  if (name_length > 5 && strcmp(name + name_length - 5, ".yaml") == 0)
    failure = run_events(git_blob_rawcontent(blob), length, &walk->counts->events);
  git_blob_free(blob);
  return failure;
}

int baseline_read(const char *path, baseline_counts *counts) {
  git_repository *repository = NULL;
  git_object *tree = NULL;
  memset(counts, 0, sizeof *counts);
  git_libgit2_init();
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  int failure = git_repository_open(&repository, path);
  if (failure == 0) failure = git_revparse_single(&tree, repository, "HEAD^{tree}");
  if (failure == 0) {
    walk walk = {repository, counts};
    failure = git_tree_walk((git_tree *)tree, GIT_TREEWALK_PRE, visit, &walk);
  }
  git_object_free(tree);
  git_repository_free(repository);
  git_libgit2_shutdown();
  return failure;
}
