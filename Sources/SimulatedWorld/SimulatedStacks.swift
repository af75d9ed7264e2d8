// Stacks of the simulated machine: their content is their definition, nothing is looked at on disk.

package import Effects
package import FormationModel

/// Resolves stacks by their definition alone.
package struct SimulatedStacks: StackResolving {
  private let digests: any Digesting

  /// Makes a resolver.
  package init(digests: any Digesting) { self.digests = digests }

  /// The stack with the digest of its definition.
  package func resolve(_ stack: Stack) -> StackReference {
    StackReference(stack: stack, digest: digests.digest("stack \(stack.name) \(stack.source)"))
  }
}
