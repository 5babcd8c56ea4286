/// The two factors of a low-rank adapter in a checkpoint, whose product s·B·A is added to the weight of a module.
package struct AdapterPair: Sendable {
  /// The path of the module in the model.
  package let module: String
  /// A, of shape r×in, or transposed where the file stores it so.
  package let down: Factor
  /// B, of shape out×r, or transposed where the file stores it so.
  package let up: Factor
  /// F64 where one of the factors is stored in it, else F32.
  package let resultType: ElementType

  /// The largest rank that is read: the inner products of all components are in memory at once.
  package static let rankLimit = 4096

  /// r, the number of components.
  package var rank: Int { down.rank }

  /// The shape of the product, [out, in].
  package var shape: [Int] { [up.length, down.length] }

  /// One of the two factors.
  package struct Factor: Sendable {
    /// The name of the tensor.
    package let name: String
    /// The dimension that the two factors share.
    package let rank: Int
    /// The other dimension.
    package let length: Int
    /// Whether each stored row belongs to one component; else each stored row has one entry for each component.
    package let hasComponentRows: Bool
  }

  /// Two tensors whose names make them the factors of one module; their shapes are not checked yet.
  package struct Names: Sendable {
    /// The path of the module in the model.
    package let module: String
    fileprivate let down: TensorInfo
    fileprivate let up: TensorInfo
    /// Whether the file stores both factors transposed, as mlx-lm does.
    fileprivate let isTransposed: Bool
  }

  /// The modules that have two factors in a checkpoint, in the order of the file. Only names and types are looked at.
  package static func names(in checkpoint: Checkpoint) -> [Names] {
    var found: [AdapterFactorName.Key: (down: TensorInfo?, up: TensorInfo?, order: Int)] = [:]
    for (i, info) in checkpoint.tensors.enumerated() where info.type.isFloat {
      guard let name = AdapterFactorName(info.name) else { continue }
      var entry = found[name.key] ?? (nil, nil, i)
      if name.isDown { entry.down = info } else { entry.up = info }
      found[name.key] = entry
    }
    return found.sorted { $0.value.order < $1.value.order }.compactMap { key, entry in
      guard let down = entry.down, let up = entry.up else { return nil }
      return Names(module: key.module, down: down, up: up, isTransposed: key.isTransposed)
    }
  }

  /// Checks that every module has its factors once, beside no tensor of its own name.
  ///
  /// - Throws: ``AdapterError/repeatedModule(_:)`` for the first that does not.
  package static func checkNoneRepeats(_ names: [Names], in checkpoint: Checkpoint) throws(AdapterError) {
    var counts: [String: Int] = [:]
    for pair in names { counts[pair.module, default: 0] += 1 }
    for pair in names where counts[pair.module] != 1 || checkpoint[pair.module] != nil {
      throw .repeatedModule(pair.module)
    }
  }

  /// Reads ranks and lengths from the shapes of two factors.
  ///
  /// - Throws: ``AdapterError/shapes(module:down:up:)`` where they are no product of two matrices of a rank up to
  ///   ``rankLimit``.
  package init(_ names: Names) throws(AdapterError) {
    let (down, up) = (names.down, names.up)
    func sizes(_ info: TensorInfo) -> (rows: Int, columns: Int)? {
      // The factors of a convolution are A[r, in, h, w] and B[out, r, 1, 1].
      guard info.shape.count == 2 || (info.shape.count == 4 && !names.isTransposed) else { return nil }
      return (info.shape[0], info.shape.dropFirst().reduce(1, *))
    }
    guard let a = sizes(down), let b = sizes(up) else {
      throw .shapes(module: names.module, down: down.shape, up: up.shape)
    }
    let (ranks, lengths) =
      names.isTransposed ? ((a.columns, b.rows), (a.rows, b.columns)) : ((a.rows, b.columns), (a.columns, b.rows))
    guard ranks.0 == ranks.1, ranks.0 > 0, ranks.0 <= Self.rankLimit,
      !lengths.0.multipliedReportingOverflow(by: lengths.1).overflow
    else { throw .shapes(module: names.module, down: down.shape, up: up.shape) }
    module = names.module
    self.down = Factor(name: down.name, rank: ranks.0, length: lengths.0, hasComponentRows: !names.isTransposed)
    self.up = Factor(name: up.name, rank: ranks.1, length: lengths.1, hasComponentRows: names.isTransposed)
    resultType = down.type == .f64 || up.type == .f64 ? .f64 : .f32
  }
}
