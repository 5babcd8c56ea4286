/// Decompositions that an asynchronous caller waits for without holding a thread of Swift's cooperative pool.
extension Matrix {
  /// The singular value decomposition A = U Σ Vᵀ, computed on a thread of its own while the calling task waits.
  ///
  /// The cooperative pool of Swift has as many threads as there are cores; a long computation on one of them delays
  /// other tasks. Parameters, results, errors and cost are those of the synchronous function.
  ///
  /// ```swift
  /// let svd = try await a.svd()
  /// ```
  ///
  /// - Throws: as the synchronous function; ``LinearAlgebraError/cancelled`` soon after the calling task was cancelled.
  public func svd(
    vectors: SingularVectors = .thin, method: SVDMethod? = nil, progress: ProgressHandler? = nil
  ) async throws(LinearAlgebraError) -> SVD<Element> {
    try await onWorkerThread { () throws(LinearAlgebraError) in
      try svd(vectors: vectors, method: method, progress: progress)
    }
  }

  /// The k leading singular triplets, computed on a thread of its own while the calling task waits.
  ///
  /// Parameters, results, errors and cost are those of the synchronous function.
  ///
  /// - Throws: as the synchronous function; ``LinearAlgebraError/cancelled`` soon after the calling task was cancelled.
  public func svd(
    rank k: Int, tolerance: Double = 1e-2, seed: UInt64 = SeededGenerator.defaultSeed, progress: ProgressHandler? = nil
  ) async throws(LinearAlgebraError) -> TruncatedSVD<Element> {
    try await onWorkerThread { () throws(LinearAlgebraError) in
      try svd(rank: k, tolerance: tolerance, seed: seed, progress: progress)
    }
  }

  /// The singular values, computed on a thread of its own while the calling task waits.
  ///
  /// Parameters, results, errors and cost are those of the synchronous function.
  ///
  /// - Throws: as the synchronous function; ``LinearAlgebraError/cancelled`` soon after the calling task was cancelled.
  public func singularValues(
    method: SVDMethod? = nil, progress: ProgressHandler? = nil
  ) async throws(LinearAlgebraError) -> Vector<Element> {
    try await onWorkerThread { () throws(LinearAlgebraError) in
      try singularValues(method: method, progress: progress)
    }
  }
}

extension MatrixBatch {
  /// The decomposition of every matrix, computed on a thread of its own while the calling task waits.
  ///
  /// Parameters, results, errors and cost are those of the synchronous function.
  ///
  /// - Throws: as the synchronous function; ``LinearAlgebraError/cancelled`` soon after the calling task was cancelled.
  public func svd(progress: ProgressHandler? = nil) async throws(LinearAlgebraError) -> BatchSVD<Element> {
    try await onWorkerThread { () throws(LinearAlgebraError) in try svd(progress: progress) }
  }
}
