import Tensor

/// Numbers in files to numbers in memory and back, block by block.
///
/// Sources may be unaligned. The loops are written once and specialized for `Float` and `Double` by the two calls in
/// `decode` and `encode`.
enum NumberCoding {
  /// Converts `count` little-endian numbers to single or double precision.
  ///
  /// Integers beyond 2⁵³, and float64 read as `Float`, are rounded to nearest. The type must be readable.
  static func decode<E: MatrixScalar>(
    _ source: UnsafeRawPointer, _ type: ElementType, count: Int, into target: UnsafeMutablePointer<E>
  ) {
    let memory = UnsafeMutableRawPointer(target)
    if E.self == Float.self {
      numbers(source, type, count, memory.assumingMemoryBound(to: Float.self))
    } else {
      numbers(source, type, count, memory.assumingMemoryBound(to: Double.self))
    }
  }

  private static func numbers<D: BinaryFloatingPoint>(
    _ source: UnsafeRawPointer, _ type: ElementType, _ count: Int, _ target: UnsafeMutablePointer<D>
  ) {
    switch type {
    case .f64: for i in 0..<count { target[i] = D(load(source, i, Double.self)) }
    case .f32: for i in 0..<count { target[i] = D(load(source, i, Float.self)) }
    case .f16: for i in 0..<count { target[i] = D(Float(halfBits: load(source, i, UInt16.self))) }
    case .bf16:
      for i in 0..<count { target[i] = D(Float(BFloat16(bitPattern: load(source, i, UInt16.self)))) }
    case .i64: for i in 0..<count { target[i] = D(load(source, i, Int64.self)) }
    case .u64: for i in 0..<count { target[i] = D(load(source, i, UInt64.self)) }
    case .i32: for i in 0..<count { target[i] = D(load(source, i, Int32.self)) }
    case .u32: for i in 0..<count { target[i] = D(load(source, i, UInt32.self)) }
    case .i16: for i in 0..<count { target[i] = D(load(source, i, Int16.self)) }
    case .u16: for i in 0..<count { target[i] = D(load(source, i, UInt16.self)) }
    case .i8: for i in 0..<count { target[i] = D(load(source, i, Int8.self)) }
    case .u8, .bool: for i in 0..<count { target[i] = D(load(source, i, UInt8.self)) }
    default: fatalError("\(type.rawValue) cannot be read as numbers")
    }
  }

  @inline(__always)
  private static func load<T: BitwiseCopyable>(_ source: UnsafeRawPointer, _ i: Int, _ type: T.Type) -> T {
    source.loadUnaligned(fromByteOffset: i &* MemoryLayout<T>.size, as: type)
  }

  /// Rounds numbers once to the type, nearest even, NaN kept, and hands their bytes on block by block.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)`` for a number that an integer type cannot hold exactly;
  ///   ``TensorFileError/unsupportedType(path:tensor:type:)``; what `sink` throws.
  static func encode<E: MatrixScalar>(
    _ values: UnsafeBufferPointer<E>, as type: ElementType, of name: String, path: String,
    into sink: NamedTensor.ByteSink
  ) throws(TensorFileError) {
    guard type.isReadable else { throw .unsupportedType(path: path, tensor: name, type: type.rawValue) }
    guard let source = values.baseAddress, !values.isEmpty else { return }
    let width = type.bits / 8
    let step = blockBytes / width
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: min(step, values.count) * width, alignment: 64)
    defer { block.deallocate() }
    guard let target = block.baseAddress else { return }
    for first in stride(from: 0, to: values.count, by: step) {
      let count = min(step, values.count - first)
      if let bad = encode(source + first, count: count, as: type, into: target) {
        throw .cannotWrite(
          path: path, reason: "\(values[first + bad]) in \"\(name)\" is not a whole number that \(type.rawValue) holds")
      }
      try sink(UnsafeRawBufferPointer(rebasing: block[..<(count * width)]))
    }
  }

  /// Rounds `count` numbers once to the type, nearest even, NaN kept.
  ///
  /// - Returns: the position of the first number that an integer type cannot hold exactly.
  private static func encode<E: MatrixScalar>(
    _ source: UnsafePointer<E>, count: Int, as type: ElementType, into target: UnsafeMutableRawPointer
  ) -> Int? {
    let memory = UnsafeRawPointer(source)
    if E.self == Float.self {
      return rounded(memory.assumingMemoryBound(to: Float.self), count, type, target)
    }
    return rounded(memory.assumingMemoryBound(to: Double.self), count, type, target)
  }

  private static func rounded<S: MatrixScalar>(
    _ source: UnsafePointer<S>, _ count: Int, _ type: ElementType, _ target: UnsafeMutableRawPointer
  ) -> Int? {
    switch type {
    case .f64: for i in 0..<count { store(Double(source[i]), target, i) }
    case .f32: for i in 0..<count { store(Float(source[i]), target, i) }
    case .f16: for i in 0..<count { store(Float16(source[i]), target, i) }
    case .bf16: for i in 0..<count { store(BFloat16(Double(source[i])).bitPattern, target, i) }
    case .i64: return integers(source, count, Int64.self, target)
    case .u64: return integers(source, count, UInt64.self, target)
    case .i32: return integers(source, count, Int32.self, target)
    case .u32: return integers(source, count, UInt32.self, target)
    case .i16: return integers(source, count, Int16.self, target)
    case .u16: return integers(source, count, UInt16.self, target)
    case .i8: return integers(source, count, Int8.self, target)
    case .u8, .bool: return integers(source, count, UInt8.self, target)
    default: return 0
    }
    return nil
  }

  private static func integers<S: MatrixScalar, I: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafePointer<S>, _ count: Int, _ type: I.Type, _ target: UnsafeMutableRawPointer
  ) -> Int? {
    for i in 0..<count {
      guard let value = I(exactly: source[i]) else { return i }
      store(value, target, i)
    }
    return nil
  }

  @inline(__always)
  private static func store<T: BitwiseCopyable>(_ value: T, _ target: UnsafeMutableRawPointer, _ i: Int) {
    target.storeBytes(of: value, toByteOffset: i &* MemoryLayout<T>.size, as: T.self)
  }
}

/// Bytes moved at a time: large enough for full speed from the page cache, small enough to stay in the second-level
/// one.
let blockBytes = 1 << 20
