extension ElementType {
  /// The distance from 1 to the next number, which bounds the relative rounding of an entry by half of it; that of
  /// float64 for whole numbers, which are exact.
  public var epsilon: Double {
    switch self {
    case .f8e8m0: 1
    case .f4: 0x1p-1
    case .f6e3m2, .f8e5m2, .f8e5m2fnuz: 0x1p-2
    case .f6e2m3, .f8e4m3, .f8e4m3fnuz: 0x1p-3
    case .bf16: 0x1p-7
    case .f16: 0x1p-10
    case .f32, .c64: 0x1p-23
    case .f64, .bool, .u8, .i8, .u16, .i16, .u32, .i32, .u64, .i64: 0x1p-52
    }
  }
}
