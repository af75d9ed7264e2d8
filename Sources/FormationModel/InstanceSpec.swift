// Everything a runtime needs to start one instance, except secret values.

/// What to start. Secret values are looked up by the driver at the moment of starting.
package struct InstanceSpec: Hashable, Codable, Sendable {
  /// Who it is.
  package let id: InstanceID
  /// The release's content.
  @Boxed package private(set) var content: ReleaseContent
  /// The command; the stack's shell runs it.
  package let command: String
  /// What it may use.
  package let size: DynoType
  /// Time between SIGTERM and SIGKILL.
  package let stopTimeout: Duration
  /// The raw TCP port it asked for.
  package let tcpPort: Int?
  /// How many attempts in a row before this one died before they counted as a good start.
  package let crashes: Int
  /// How it is connected to whoever asked for it; nil: it is not, and what it writes is logged.
  package let session: SessionForm?
  /// What it is started with, for comparison later.
  @Boxed package private(set) var form: InstanceForm

  /// Makes a spec.
  package init(
    id: InstanceID, content: ReleaseContent, command: String, size: DynoType,
    stopTimeout: Duration, tcpPort: Int?, crashes: Int, form: InstanceForm,
    session: SessionForm? = nil
  ) {
    self.id = id
    self.content = content
    self.command = command
    self.size = size
    self.stopTimeout = stopTimeout
    self.tcpPort = tcpPort
    self.crashes = crashes
    self.session = session
    self.form = form
  }
}
