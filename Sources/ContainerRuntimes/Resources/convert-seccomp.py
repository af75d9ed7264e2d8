#!/usr/bin/env python3
"""Converts Podman's seccomp profile (Debian: /usr/share/containers/seccomp.json) into OCI's form.

Writes seccomp.json beside this script, and ../Generated/SeccompData.swift with the same bytes.
Usage: convert-seccomp.py PODMAN_PROFILE
"""
import json
import pathlib
import sys
import textwrap

# What Podman allows and no dyno needs: other namespaces, mounts, keyrings, the machine itself. The
# kernel's log is open to everybody on machines where kernel.dmesg_restrict is 0.
DENIED = set(
    "keyctl add_key request_key bpf userfaultfd io_uring_setup io_uring_enter io_uring_register "
    "unshare setns mount umount umount2 pivot_root fsopen fsconfig fsmount fspick open_tree "
    "move_mount mount_setattr reboot name_to_handle_at open_by_handle_at perf_event_open "
    "swapon swapoff kexec_load kexec_file_load syslog".split()
)
# clone3 takes its flags by pointer, where no filter can see them: absent (ENOSYS), so that the C
# library falls back to clone, whose flags for new namespaces are refused.
ABSENT = {"clone3"}
NEW_NAMESPACES = 0x7E020000
AF_VSOCK = 40
CONDITIONAL = {"clone", "socket", "personality"}


def main(source):
    podman = json.loads(pathlib.Path(source).read_text())
    allowed, personalities = set(), []
    for rule in podman["syscalls"]:
        includes = rule.get("includes") or {}
        arches = includes.get("arches")
        if rule["action"] != "SCMP_ACT_ALLOW" or includes.get("caps"):
            continue
        if arches and not {"amd64", "arm64"} & set(arches):
            continue
        if rule["names"] == ["personality"]:
            personalities.append(rule["args"][0]["value"])
        elif not rule.get("args"):
            allowed.update(rule["names"])
    allowed -= DENIED | ABSENT | CONDITIONAL

    def equal(value):
        return {"index": 0, "value": value, "op": "SCMP_CMP_EQ"}

    rules = [
        {"names": sorted(allowed), "action": "SCMP_ACT_ALLOW"},
        {"names": sorted(DENIED), "action": "SCMP_ACT_ERRNO", "errnoRet": 1},
        {
            "names": ["clone"],
            "action": "SCMP_ACT_ALLOW",
            "args": [
                {"index": 0, "value": NEW_NAMESPACES, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}
            ],
        },
        {
            "names": ["socket"],
            "action": "SCMP_ACT_ALLOW",
            "args": [{"index": 0, "value": AF_VSOCK, "op": "SCMP_CMP_NE"}],
        },
    ]
    rules += [
        {"names": ["personality"], "action": "SCMP_ACT_ALLOW", "args": [equal(value)]}
        for value in personalities
    ]
    profile = {
        "defaultAction": podman["defaultAction"],
        "defaultErrnoRet": podman["defaultErrnoRet"],
        "syscalls": rules,
    }
    here = pathlib.Path(__file__).resolve().parent
    # No name holds a space, so lines may break at any.
    text = textwrap.fill(json.dumps(profile), width=98, break_on_hyphens=False) + "\n"
    (here / "seccomp.json").write_text(text)
    (here.parent / "Generated" / "SeccompData.swift").write_text(
        "// The seccomp profile of every dyno. Written by Resources/convert-seccomp.py from\n"
        "// Resources/seccomp.json; a test says that both agree.\n\n"
        "/// The profile in OCI's form, without architectures.\n"
        'let seccompData = #"""\n' + text + '"""#\n'
    )


main(sys.argv[1])
