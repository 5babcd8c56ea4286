/// Why the factors of low-rank adapters cannot be paired and scaled.
package enum AdapterError: Error, Equatable {
  /// The configuration asks for what is not supported, or contradicts its factors.
  case configuration(path: String, reason: String)
  /// One file holds the factors of a module more than once.
  case repeatedModule(String)
  /// The shapes of two factors are not those of a product of two matrices.
  case shapes(module: String, down: [Int], up: [Int])
}
