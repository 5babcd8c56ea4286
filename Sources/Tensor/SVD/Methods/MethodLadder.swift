extension Matrix {
  /// The methods for this shape, fastest first. Later ones take over where an earlier one gives up.
  private func ladder(_ vectors: SingularVectors?) -> [SVDMethod] {
    let tuning = SVDTuning.current
    let isSmall = Swift.min(rows, columns) < tuning.onePassFrom
    let robust: [SVDMethod] = isSmall ? [.qrIteration, .onePass] : [.onePass, .qrIteration]
    let forElongated: SVDMethod = Element.self == Double.self ? .choleskyQR : .gram
    guard count >= tuning.elongatedFrom, vectors != .full, isElongatedEnough(for: forElongated) else {
      return robust
    }
    return [forElongated] + robust
  }

  /// Whether one side is so much longer that what a method holds of the shorter one, in float64, does not exceed three
  /// times A.
  private func isElongatedEnough(for method: SVDMethod) -> Bool {
    let tuning = SVDTuning.current
    let (shorter, longer) = (Swift.min(rows, columns), Swift.max(rows, columns))
    return switch method {
    case .gram: longer >= tuning.gramElongation * shorter
    case .choleskyQR: longer * MemoryLayout<Element>.stride >= tuning.choleskyBytes * shorter
    case .onePass, .qrIteration: true
    }
  }

  /// Factors by the method asked for, or by the first that succeeds.
  ///
  /// - Parameter vectors: `nil` for values only.
  func factors(
    _ vectors: SingularVectors?, _ insisted: SVDMethod?, _ monitor: WorkMonitor
  ) throws(LinearAlgebraError) -> (factors: Factors<Element>, method: SVDMethod) {
    if case .allLeft(let right) = vectors, right < 0 || right > Swift.min(rows, columns) {
      throw .invalidArgument("\(right) right singular vectors of a \(shapeDescription) matrix")
    }
    try checkLAPACKSize()
    if vectors == .full {
      try Self.checkFits(rows: rows, columns: rows)
      try Self.checkFits(rows: columns, columns: columns)
    }
    var isChecked = false
    return try converge(insisted.map { [$0] } ?? ladder(vectors)) { (method) throws(LinearAlgebraError) in
      try monitor.checkCancelled()
      // A Gram matrix and the largest entry show what is not finite, where a pass of its own would cost as much as half
      // of the work.
      if method != .gram, method != .onePass, !isChecked {
        try checkFinite()
        isChecked = true
      }
      let found = try factor(vectors, method, monitor)
      // A method that stopped early returns `nil` or what has no meaning.
      try monitor.checkCancelled()
      return found
    }
  }

  /// Factors by one method; `nil` where it does not apply to these values or did not converge.
  private func factor(
    _ vectors: SingularVectors?, _ method: SVDMethod, _ monitor: WorkMonitor
  ) throws(LinearAlgebraError) -> Factors<Element>? {
    if isEmpty, method == .onePass || method == .qrIteration { return Factors(ofEmpty: self, vectors) }
    if method == .qrIteration { return factorsByQRIteration(vectors) }
    if method != .onePass {
      if vectors == .full { throw .invalidArgument("\(method.rawValue) finds thin singular vectors only") }
      guard isElongatedEnough(for: method) else {
        throw .invalidArgument("\(method.rawValue) is for matrices with one side much longer than the other")
      }
    }
    let tall = TallMatrix(self)
    let wanted = tall.longVectors(of: vectors)
    let found =
      switch method {
      case .gram: try tall.factorsByGram(longVectors: wanted, monitor)
      case .choleskyQR: try tall.factorsByCholeskyQR(longVectors: wanted, monitor)
      case .onePass, .qrIteration: try tall.factorsByOnePass(longVectors: wanted, monitor)
      }
    return found.map { Factors($0, of: tall) }
  }
}

/// Runs the methods in order until one returns a result.
///
/// - Throws: ``LinearAlgebraError/noConvergence(tried:)`` naming all that were tried, and what `run` throws.
package func converge<Result>(
  _ methods: [SVDMethod], _ run: (SVDMethod) throws(LinearAlgebraError) -> Result?
) throws(LinearAlgebraError) -> (Result, SVDMethod) {
  for method in methods {
    if let result = try run(method) { return (result, method) }
  }
  throw .noConvergence(tried: methods.map(\.rawValue))
}
