import Tensor
import Testing

@Suite struct StorageTypeTests {
  @Test func everyBFloat16Survives() {
    for bits in UInt16.min...UInt16.max {
      let value = BFloat16(bitPattern: bits)
      let wide = Float(value)
      #expect(wide.bitPattern == UInt32(bits) << 16)
      let back = BFloat16(wide)
      if wide.isNaN {
        #expect(Float(back).isNaN && (back.bitPattern & 0x8000) == (bits & 0x8000))
      } else {
        #expect(back == value)
        #expect(BFloat16(Double(wide)) == value)
      }
    }
  }

  @Test func everyHalfWidensLikeTheStandardLibrary() {
    for bits in UInt16.min...UInt16.max {
      let (ours, theirs) = (Float(halfBits: bits), Float(Float16(bitPattern: bits)))
      #expect(ours.isNaN ? theirs.isNaN : ours.bitPattern == theirs.bitPattern, "\(bits)")
    }
  }

  @Test func roundingIsToNearestEven() {
    // Halfway cases go to the even neighbour; a hair beside them does not.
    #expect(BFloat16(Float(bitPattern: 0x3F80_8000)).bitPattern == 0x3F80)
    #expect(BFloat16(Float(bitPattern: 0x3F81_8000)).bitPattern == 0x3F82)
    #expect(BFloat16(Float(bitPattern: 0x3F80_8001)).bitPattern == 0x3F81)
    #expect(BFloat16(Float.greatestFiniteMagnitude).bitPattern == 0x7F80)
    #expect(BFloat16(-Float.infinity).bitPattern == 0xFF80)
    #expect(BFloat16(Double.greatestFiniteMagnitude).bitPattern == 0x7F80)
    #expect(BFloat16(Float(bitPattern: 1)).bitPattern == 0)
    #expect(Float(BFloat16(Float(bitPattern: 0x7F80_0001))).isNaN)
    #expect(Float(BFloat16(Double.nan)).isNaN)
  }

  @Test func doublesAreRoundedOnce() {
    // Just above halfway in float64, exactly halfway once rounded to float32: rounding twice would go down.
    let value = Double(Float(bitPattern: 0x3F80_8000)) + 0x1p-40
    #expect(BFloat16(value).bitPattern == 0x3F81)
    #expect(BFloat16(-value).bitPattern == 0xBF81)
    #expect(BFloat16(Double(Float(bitPattern: 0x3F80_8000)) - 0x1p-40).bitPattern == 0x3F80)
    #expect(BFloat16(Double(Float(bitPattern: 0x3F81_8000)) - 0x1p-40).bitPattern == 0x3F81)
    #expect(BFloat16(Double.leastNonzeroMagnitude).bitPattern == 0 && BFloat16(-0.0).bitPattern == 0x8000)
  }
}
