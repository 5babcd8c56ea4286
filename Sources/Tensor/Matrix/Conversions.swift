extension Matrix {
  /// The same matrix with entries of this type, rounded to nearest: `Matrix<Float>(a)`. O(mn).
  @_disfavoredOverload  // A literal can be a matrix of any type as well as a list of rows.
  public init<Other>(_ other: Matrix<Other>) {
    if let same = other as? Matrix {
      self = same
      return
    }
    self.init(rows: other.rows, columns: other.columns) { target in
      func entry(_ i: Int) -> UnsafeMutablePointer<Element>? { target.baseAddress.map { $0 + i } }
      other.withUnsafeBase { source in
        _ = inParts(other.rows, flops: 4 * Double(other.count)) { range in
          if other.isContiguous {
            let start = range.lowerBound * other.columns
            return convertEntries(source + start, entry(start), range.count * other.columns)
          }
          for i in range {
            convertEntries(source + i * other.rowStride, entry(i * other.columns), other.columns)
          }
        }
      }
    }
  }

  /// The same matrix with entries of another type, rounded to nearest, where the context names the type. O(mn).
  public func converted<Other: MatrixScalar>(to type: Other.Type = Other.self) -> Matrix<Other> { Matrix<Other>(self) }
}

extension Vector {
  /// The same vector with entries of this type, rounded to nearest: `Vector<Float>(v)`. O(n).
  @_disfavoredOverload  // A literal can be a vector of any type as well as a list.
  public init<Other>(_ other: Vector<Other>) {
    if let same = other as? Vector {
      self = same
      return
    }
    self.init(count: other.count) { target in
      other.withUnsafeBase { source in convertEntries(source, target.baseAddress, other.count) }
    }
  }

  /// The same vector with entries of another type, rounded to nearest, where the context names the type. O(n).
  public func converted<Other: MatrixScalar>(to type: Other.Type = Other.self) -> Vector<Other> { Vector<Other>(self) }
}

/// y = x in another precision, through float64, which holds both exactly.
func convertEntries<S: MatrixScalar, D: MatrixScalar>(
  _ source: UnsafePointer<S>, _ target: UnsafeMutablePointer<D>?, _ count: Int
) {
  guard let target, count > 0 else { return }
  if D.self == Double.self {
    S._kernels.table.widen(source, UnsafeMutableRawPointer(target).assumingMemoryBound(to: Double.self), count)
  } else if S.self == Double.self {
    D._kernels.table.narrow(UnsafeRawPointer(source).assumingMemoryBound(to: Double.self), target, count)
  } else {
    UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: count * MemoryLayout<S>.stride)
  }
}
