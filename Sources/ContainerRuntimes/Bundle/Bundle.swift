// The OCI configuration of a container, as far as this runtime uses it. What it cannot say here, no
// manifest can ask for: no devices, no capabilities, no host namespaces, no binds of the user's
// choice.

import FormationModel
import FoundationEssentials

/// `config.json` of an OCI bundle.
struct Bundle: Hashable, Codable, Sendable {
  let ociVersion: String
  let process: Process
  let root: Root
  let hostname: String
  let mounts: [Mount]
  let linux: Linux

  /// The bytes of the file.
  func encoded() throws(EffectFailure) -> [UInt8] {
    do {
      return Array(try JSONEncoder().encode(self))
    } catch {
      throw EffectFailure("bundle", "cannot encode the bundle of \(hostname)", retry: .later)
    }
  }

  struct Process: Hashable, Codable, Sendable {
    var terminal: Bool
    let user: User
    var args: [String]
    var env: [String]
    let cwd: String
    let capabilities: [String: [String]]
    let rlimits: [ResourceLimit]
    let noNewPrivileges: Bool
    let oomScoreAdj: Int
  }

  struct User: Hashable, Codable, Sendable {
    let uid: UInt32
    let gid: UInt32
    let umask: UInt32
  }

  struct ResourceLimit: Hashable, Codable, Sendable {
    let type: String
    let hard: UInt64
    let soft: UInt64
  }

  struct Root: Hashable, Codable, Sendable {
    let path: String
    let readonly: Bool
  }

  struct Mount: Hashable, Codable, Sendable {
    let destination: String
    let type: String
    let source: String
    let options: [String]
  }

  struct Linux: Hashable, Codable, Sendable {
    let namespaces: [Namespace]
    let cgroupsPath: String
    let resources: Resources
    let seccomp: SeccompProfile
    let maskedPaths: [String]
    let readonlyPaths: [String]
  }

  struct Namespace: Hashable, Codable, Sendable {
    let type: String
  }

  struct Resources: Hashable, Codable, Sendable {
    let memory: Memory
    let cpu: CPU
    let pids: Pids
    let devices: [DeviceRule]
  }

  struct Memory: Hashable, Codable, Sendable {
    /// Bytes of memory.
    let limit: Int64
    /// Bytes of memory and swap; nil where the kernel does not count swap.
    let swap: Int64?
  }

  struct CPU: Hashable, Codable, Sendable {
    let shares: UInt64
  }

  struct Pids: Hashable, Codable, Sendable {
    let limit: Int64
  }

  struct DeviceRule: Hashable, Codable, Sendable {
    let allow: Bool
    let access: String
  }
}
