extension Matrix {
  /// The singular value decomposition A = U Σ Vᵀ.
  ///
  /// Singular values descend. Signs are fixed: in each right singular vector, among the entries within a factor
  /// 1 − 1e-4 of the largest magnitude, the first is positive. The same input, thread count and machine give
  /// the same bits. Values are exact to about ε·σ₁, small ones not relative to themselves.
  ///
  /// - Parameters:
  ///   - vectors: `.thin`, `.full`, or `.allLeft(right:)` for few long rows.
  ///   - method: one to insist on. By default ``SVDMethod/onePass``, or ``SVDMethod/qrIteration`` up to min(m, n) = 47, and
  ///     should it not converge the other one; before these, where one side is so much longer that they apply and the
  ///     values do not forbid it, ``SVDMethod/gram`` for `Float` and ``SVDMethod/choleskyQR`` for `Double`.
  ///   - progress: called on the calling thread while the one-pass reduction goes on, which is two fifths of the work;
  ///     the other methods, and what follows, report nothing.
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:)``; ``LinearAlgebraError/noConvergence(tried:)``;
  ///   ``LinearAlgebraError/tooLarge(rows:columns:reason:)`` for a dimension of 2³¹ or more;
  ///   ``LinearAlgebraError/invalidArgument(_:)`` for a method that does not compute what is asked, and for singular
  ///   values beyond the range of the type.
  /// - Complexity: about 9n³ flops for a square matrix, 3mn² for a tall one; for the memory see the method.
  public func svd(
    vectors: SingularVectors = .thin, method: SVDMethod? = nil, progress: ProgressHandler? = nil
  ) throws(LinearAlgebraError) -> SVD<Element> {
    // Changed where they are: a second name for them would mean a copy.
    var found = try factors(vectors, method, progress)
    if case .allLeft(let right) = vectors, right < found.factors.vTransposed.rows {
      found.factors.vTransposed = found.factors.vTransposed[rows: 0..<right].overwritableCopy()
    }
    let pairs = Swift.min(found.factors.values.count, found.factors.vTransposed.rows)
    fixSigns(u: &found.factors.u, vTransposed: &found.factors.vTransposed, pairs: pairs)
    return SVD(
      u: found.factors.u, singularValues: try found.factors.values.withinRange(),
      vTransposed: found.factors.vTransposed,
      method: found.method)
  }

  /// The singular values, descending, without vectors: min(m, n) of them.
  ///
  /// - Parameters:
  ///   - method: as for ``svd(vectors:method:progress:)``.
  ///   - progress: likewise; here the reduction is nearly all of the work.
  /// - Throws: as ``svd(vectors:method:progress:)``.
  /// - Complexity: about 8n³/3 flops for a square matrix, mn² for a tall one; one copy of A.
  public func singularValues(
    method: SVDMethod? = nil, progress: ProgressHandler? = nil
  ) throws(LinearAlgebraError) -> Vector<Element> {
    try factors(nil, method, progress).factors.values.withinRange()
  }

  typealias Factors = (u: Matrix, values: Vector<Element>, vTransposed: Matrix)

  /// The methods for this shape, fastest first; later ones take over where an earlier one gives up.
  private func ladder(_ vectors: SingularVectors?) -> [SVDMethod] {
    let robust: [SVDMethod] = Swift.min(rows, columns) < 48 ? [.qrIteration, .onePass] : [.onePass, .qrIteration]
    let forElongated: SVDMethod = Element.self == Double.self ? .choleskyQR : .gram
    // Below about 64x64 entries the fixed costs outweigh what is saved.
    guard count >= 4096, vectors != .full, isElongatedEnough(for: forElongated) else { return robust }
    return [forElongated] + robust
  }

  /// Whether one side is so much longer that what a method holds of the shorter one, in float64, does not exceed three times A.
  private func isElongatedEnough(for method: SVDMethod) -> Bool {
    let (shorter, longer) = (Swift.min(rows, columns), Swift.max(rows, columns))
    return switch method {
    case .gram: longer >= 2 * shorter
    case .choleskyQR: longer * MemoryLayout<Element>.stride >= 28 * shorter
    case .onePass, .qrIteration, .blockKrylov: true
    }
  }

  /// Factors by the method asked for, or by the first that succeeds. `vectors` is `nil` for values only.
  func factors(
    _ vectors: SingularVectors?, _ insisted: SVDMethod?, _ progress: ProgressHandler? = nil
  ) throws(LinearAlgebraError) -> (factors: Factors, method: SVDMethod) {
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
      // A Gram matrix and the largest entry show what is not finite: a pass of its own would cost as much as half the work.
      if method != .gram, method != .onePass, !isChecked {
        try checkFinite()
        isChecked = true
      }
      return try factor(vectors, method, progress)
    }
  }

  /// One method, `nil` where it does not apply to these values or did not converge.
  private func factor(
    _ vectors: SingularVectors?, _ method: SVDMethod, _ progress: ProgressHandler?
  ) throws(LinearAlgebraError) -> Factors? {
    switch method {
    case .gram, .choleskyQR:
      if vectors == .full { throw .invalidArgument("\(method.rawValue) finds thin singular vectors only") }
      guard isElongatedEnough(for: method) else {
        throw .invalidArgument("\(method.rawValue) is for matrices with one side much longer than the other")
      }
      return method == .gram ? try factorsByGram(vectors) : try factorsByCholeskyQR(vectors)
    case .onePass: return try factorsByOnePass(vectors, progress: progress)
    case .qrIteration: return factorsByQRIteration(vectors)
    case .blockKrylov:
      throw .invalidArgument("block Krylov finds leading triplets only: use svd(rank:tolerance:seed:)")
    }
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
