extension ElementType {
  /// Integers, without booleans.
  var isInteger: Bool {
    switch self {
    case .u8, .i8, .u16, .i16, .u32, .i32, .u64, .i64: true
    default: false
    }
  }

  /// IEEE-like floating-point numbers.
  package var isFloat: Bool {
    switch self {
    case .f64, .f32, .f16, .bf16: true
    default: false
    }
  }

  /// Whether a weight may be stored in this type as codes: integers and floating point of 4, 6 and 8 bits.
  var mayBeCodes: Bool { isInteger || bits <= 8 && self != .bool }
}
