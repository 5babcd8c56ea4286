extension Matrix {
  /// The singular value decomposition A = U Σ Vᵀ.
  ///
  /// Singular values descend. Signs are fixed: in each right singular vector, among the entries within a factor
  /// 1 − 1e-4 of the largest magnitude, the first is positive. The same input, thread count and machine give
  /// the same bits. Values are exact to about ε·σ₁, small ones not relative to themselves.
  ///
  /// ```swift
  /// let svd = try a.svd()
  /// print(svd.singularValues, svd.method)
  /// ```
  ///
  /// - Parameters:
  ///   - vectors: `.thin`, `.full`, or `.allLeft(right:)` for few long rows.
  ///   - method: the method to insist on. By default ``SVDMethod/onePass``, or ``SVDMethod/qrIteration`` up to
  ///     min(m, n) = 47, and should it not converge the other one. Where one side is so much longer that they apply and
  ///     the values do not forbid it, ``SVDMethod/gram`` for `Float` and ``SVDMethod/choleskyQR`` for `Double` come
  ///     before these.
  ///   - progress: called with thousandths of the work on the thread that computes, which holds the threads of the
  ///     library: it must not wait for another task. ``SVDMethod/onePass`` reports often, the methods for elongated
  ///     matrices after each stage, ``SVDMethod/qrIteration`` only at the end.
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:)``; ``LinearAlgebraError/noConvergence(tried:)``;
  ///   ``LinearAlgebraError/cancelled`` once the surrounding task was cancelled, which is asked as often as progress is
  ///   reported; ``LinearAlgebraError/tooLarge(rows:columns:reason:)`` for a dimension of 2³¹ or more;
  ///   ``LinearAlgebraError/invalidArgument(_:)`` for a method that does not compute what is asked, and for singular
  ///   values beyond the range of the type.
  /// - Complexity: about 9n³ flops for a square matrix, 3mn² for a tall one; for the memory see the method.
  public func svd(
    vectors: SingularVectors = .thin, method: SVDMethod? = nil, progress: ProgressHandler? = nil
  ) throws(LinearAlgebraError) -> SVD<Element> {
    try svd(vectors: vectors, method: method, monitor: WorkMonitor(progress))
  }

  /// The same with the monitor of the call that this one is a part of.
  func svd(
    vectors: SingularVectors = .thin, method: SVDMethod? = nil, monitor: WorkMonitor
  ) throws(LinearAlgebraError) -> SVD<Element> {
    // Mutate `found` in place: binding its parts to new names would copy them.
    var found = try factors(vectors, method, monitor)
    guard var (u, vTransposed) = found.factors.vectors.take() else {
      throw .noConvergence(tried: [found.method.rawValue])
    }
    if case .allLeft(let right) = vectors, right < vTransposed.rows {
      vTransposed = vTransposed[rows: 0..<right].overwritableCopy()
    }
    fixSigns(u: &u, vTransposed: &vTransposed, pairs: Swift.min(found.factors.values.count, vTransposed.rows))
    let values = try found.factors.values.withinRange()
    monitor.report(1)
    return SVD(u: u, singularValues: values, vTransposed: vTransposed, method: UsedSVDMethod(found.method))
  }

  /// The singular values, descending, without vectors: min(m, n) of them.
  ///
  /// - Parameters:
  ///   - method: as for `svd(vectors:method:progress:)`.
  ///   - progress: likewise; here the reduction is nearly all of the work.
  /// - Throws: as `svd(vectors:method:progress:)`.
  /// - Complexity: about 8n³/3 flops for a square matrix, mn² for a tall one; one copy of A.
  public func singularValues(
    method: SVDMethod? = nil, progress: ProgressHandler? = nil
  ) throws(LinearAlgebraError) -> Vector<Element> {
    try singularValues(method: method, monitor: WorkMonitor(progress))
  }

  /// The same with the monitor of the call that this one is a part of.
  func singularValues(
    method: SVDMethod? = nil, monitor: WorkMonitor
  ) throws(LinearAlgebraError) -> Vector<Element> {
    let values = try factors(nil, method, monitor).factors.values.withinRange()
    monitor.report(1)
    return values
  }
}
