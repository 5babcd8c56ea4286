/// Unpacks raw deflate data (RFC 1951), strictly.
///
/// The output is handed on in pieces while it comes, so that a stream can be checked without holding what it unpacks
/// to. A code that is over-subscribed or incomplete, a distance beyond the output, more output than was declared, and a
/// stream that ends before or after its bytes are errors.
struct Inflater {
  /// The rule that a stream breaks.
  struct Failure: Error {
    let rule: String
  }

  private var input: BitReader
  private var output: Window
  /// The bytes that the stream must give.
  private let size: Int

  init(_ source: any ByteSource, in range: Range<Int>, size: Int) {
    input = BitReader(source, range)
    output = Window()
    self.size = size
  }

  /// Unpacks the stream; `sink` gets the bytes in order.
  ///
  /// - Parameters:
  ///   - broken: makes the error for a rule that the stream breaks.
  ///   - wanted: how many bytes are wanted. The stream is left after the block that gives the last of them, and what
  ///     follows is not checked; by default all of it is unpacked.
  ///   - sink: may get more bytes than wanted.
  /// - Throws: ``TensorFileError`` of the source, named by `broken` where the stream breaks a rule.
  mutating func run(
    _ broken: (String) -> TensorFileError, first wanted: Int = .max, _ sink: (UnsafeRawBufferPointer) -> Void
  ) throws(TensorFileError) {
    do throws(Failure) {
      var isLast = false
      while !isLast {
        guard output.count < wanted else { return output.flush(sink) }
        isLast = try input.bits(1) == 1
        switch try input.bits(2) {
        case 0: try stored(sink)
        case 1: try compressed(.fixedLiterals, .fixedDistances, sink)
        case 2:
          let (literals, distances) = try codes()
          try compressed(literals, distances, sink)
        default: throw Failure(rule: "its compressed data hold a block of an unknown kind")
        }
      }
      output.flush(sink)
      guard output.count == size else {
        throw Failure(rule: "it unpacks to \(output.count) bytes, \(size) are declared")
      }
      guard input.isAtEnd else { throw Failure(rule: "bytes follow its compressed data") }
    } catch {
      throw input.problem ?? broken(error.rule)
    }
  }

  private mutating func stored(_ sink: (UnsafeRawBufferPointer) -> Void) throws(Failure) {
    input.skipToByte()
    let (count, complement) = (try input.bits(16), try input.bits(16))
    guard count ^ complement == 0xFFFF else { throw Failure(rule: "the length of a stored block is damaged") }
    try reserve(count)
    for _ in 0..<count { output.append(UInt8(truncatingIfNeeded: try input.bits(8)), sink) }
  }

  private mutating func compressed(
    _ literals: HuffmanCode, _ distances: HuffmanCode, _ sink: (UnsafeRawBufferPointer) -> Void
  ) throws(Failure) {
    while true {
      let symbol = try input.symbol(literals)
      if symbol < 256 {
        try reserve(1)
        output.append(UInt8(truncatingIfNeeded: symbol), sink)
        continue
      }
      if symbol == 256 { return }
      guard symbol <= 285 else { throw Failure(rule: "its compressed data hold an unknown length") }
      let length = Self.lengths[symbol - 257]
      let count = length.base + (try input.bits(length.bits))
      let place = try input.symbol(distances)
      guard place < 30 else { throw Failure(rule: "its compressed data hold an unknown distance") }
      let distance = Self.distances[place].base + (try input.bits(Self.distances[place].bits))
      guard distance <= output.count else { throw Failure(rule: "a distance reaches before the start of the data") }
      try reserve(count)
      output.repeatBytes(from: distance, count, sink)
    }
  }

  private func reserve(_ count: Int) throws(Failure) {
    guard count <= size - output.count else {
      throw Failure(rule: "it unpacks to more than the \(size) declared bytes")
    }
  }

  /// The two codes that a dynamic block starts with.
  private mutating func codes() throws(Failure) -> (literals: HuffmanCode, distances: HuffmanCode) {
    let counts = (try input.bits(5) + 257, try input.bits(5) + 1, try input.bits(4) + 4)
    guard counts.0 <= 286, counts.1 <= 30 else { throw Failure(rule: "a block declares too many codes") }
    var lengths = [UInt8](repeating: 0, count: 19)
    for i in 0..<counts.2 { lengths[Self.order[i]] = UInt8(truncatingIfNeeded: try input.bits(3)) }
    let code = try HuffmanCode(lengths[...], isComplete: true)
    lengths = []
    while lengths.count < counts.0 + counts.1 {
      let symbol = try input.symbol(code)
      switch symbol {
      case 16:
        guard let last = lengths.last else { throw Failure(rule: "a block repeats a code length before the first") }
        lengths += [UInt8](repeating: last, count: 3 + (try input.bits(2)))
      case 17: lengths += [UInt8](repeating: 0, count: 3 + (try input.bits(3)))
      case 18: lengths += [UInt8](repeating: 0, count: 11 + (try input.bits(7)))
      default: lengths.append(UInt8(truncatingIfNeeded: symbol))
      }
    }
    guard lengths.count == counts.0 + counts.1 else { throw Failure(rule: "a block has too many code lengths") }
    guard lengths[256] > 0 else { throw Failure(rule: "a block has no code for its end") }
    return (
      try HuffmanCode(lengths[..<counts.0], isComplete: true), try HuffmanCode(lengths[counts.0...], isComplete: false)
    )
  }

  private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  /// The lengths of symbols 257 to 285, and how many bits follow.
  private static let lengths: [(base: Int, bits: Int)] = {
    var (result, base): ([(base: Int, bits: Int)], Int) = ([], 3)
    for i in 0..<28 {
      let bits = i < 8 ? 0 : (i - 4) / 4
      result.append((base, bits))
      base += 1 << bits
    }
    return result + [(258, 0)]
  }()

  /// The distances of symbols 0 to 29, and how many bits follow.
  private static let distances: [(base: Int, bits: Int)] = {
    var (result, base): ([(base: Int, bits: Int)], Int) = ([], 1)
    for i in 0..<30 {
      let bits = i < 4 ? 0 : (i - 2) / 2
      result.append((base, bits))
      base += 1 << bits
    }
    return result
  }()
}

/// A canonical Huffman code: a table for codes of up to ten bits, the counts per length for longer ones.
struct HuffmanCode {
  /// Symbol·16 + length by the next ten bits, 0 where the code is longer or there is none.
  fileprivate private(set) var table = [UInt16](repeating: 0, count: 1 << tableBits)
  fileprivate private(set) var counts = [Int](repeating: 0, count: 16)
  fileprivate private(set) var symbols: [UInt16] = []
  fileprivate static let tableBits = 10

  static let fixedLiterals = fixed(
    [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112) + [UInt8](repeating: 7, count: 24)
      + [UInt8](repeating: 8, count: 8))
  static let fixedDistances = fixed([UInt8](repeating: 5, count: 32))

  private static func fixed(_ lengths: [UInt8]) -> HuffmanCode {
    guard let code = try? HuffmanCode(lengths[...], isComplete: true) else {
      fatalError("the fixed codes of the format are complete")
    }
    return code
  }

  /// - Parameter isComplete: whether every sequence of bits must mean something; a code of distances may be a single
  ///   one of one bit, or have none.
  init(_ lengths: ArraySlice<UInt8>, isComplete: Bool) throws(Inflater.Failure) {
    for length in lengths { counts[Int(length)] += 1 }
    let used = lengths.count - counts[0]
    counts[0] = 0
    var free = 1
    for length in 1...15 {
      free = free << 1 - counts[length]
      guard free >= 0 else { throw Inflater.Failure(rule: "a code of its compressed data is over-subscribed") }
    }
    let isSingle = !isComplete && used <= 1 && counts[1] == used
    guard free == 0 || isSingle else { throw Inflater.Failure(rule: "a code of its compressed data is incomplete") }
    var starts = [Int](repeating: 0, count: 17)
    for length in 1...15 { starts[length + 1] = starts[length] + counts[length] }
    symbols = [UInt16](repeating: 0, count: used)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      symbols[starts[Int(length)]] = UInt16(symbol)
      starts[Int(length)] += 1
    }
    fillTable()
  }

  private mutating func fillTable() {
    var (code, index) = (0, 0)
    for length in 1...Self.tableBits {
      for _ in 0..<counts[length] {
        // Bits arrive from the first bit of the code on, the lowest bit of the table's index.
        var reversed = 0
        for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
        for place in stride(from: reversed, to: table.count, by: 1 << length) {
          table[place] = symbols[index] << 4 | UInt16(length)
        }
        (code, index) = (code + 1, index + 1)
      }
      code <<= 1
    }
  }
}

/// The bits of a stream, lowest first, read from the file in blocks.
private struct BitReader {
  private let source: any ByteSource
  private var next: Int
  private let end: Int
  private var block: [UInt8] = []
  private var position = 0
  private var buffer: UInt64 = 0
  private var available = 0
  /// What the source threw, which counts more than the rule that breaks because of it.
  private(set) var problem: TensorFileError?

  init(_ source: any ByteSource, _ range: Range<Int>) {
    self.source = source
    (next, end) = (range.lowerBound, range.upperBound)
  }

  /// Whether every byte is used up; the rest of the last byte is padding.
  var isAtEnd: Bool { position == block.count && next == end && available < 8 }

  mutating func bits(_ count: Int) throws(Inflater.Failure) -> Int {
    if available < count { fill() }
    guard available >= count else { throw Inflater.Failure(rule: "its compressed data end early") }
    defer { drop(count) }
    return Int(buffer & (1 << UInt64(count) - 1))
  }

  mutating func skipToByte() { drop(available % 8) }

  mutating func symbol(_ code: HuffmanCode) throws(Inflater.Failure) -> Int {
    if available < 15 { fill() }
    let entry = Int(code.table[Int(buffer & UInt64(1 << HuffmanCode.tableBits - 1))])
    if entry != 0, entry & 15 <= available {
      drop(entry & 15)
      return entry >> 4
    }
    var (value, first, index) = (0, 0, 0)
    for length in 1...15 where length <= available {
      value |= Int(buffer >> UInt64(length - 1) & 1)
      let count = code.counts[length]
      if value - first < count {
        drop(length)
        return Int(code.symbols[index + value - first])
      }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw Inflater.Failure(
      rule: available < 15 ? "its compressed data end early" : "its compressed data hold an unknown code")
  }

  private mutating func drop(_ count: Int) {
    buffer >>= UInt64(count)
    available -= count
  }

  private mutating func fill() {
    while available <= 48 {
      if position == block.count, !loadBlock() { return }
      buffer |= UInt64(block[position]) << UInt64(available)
      position += 1
      available += 8
    }
  }

  private mutating func loadBlock() -> Bool {
    guard next < end, problem == nil else { return false }
    do throws(TensorFileError) {
      block = try source.bytes(at: next, count: min(blockBytes, end - next))
    } catch {
      problem = error
      return false
    }
    (next, position) = (next + block.count, 0)
    return true
  }
}

/// The last 32 KiB of the output, and what was not handed on yet.
private struct Window {
  private static let reach = 1 << 15
  private var bytes = [UInt8](repeating: 0, count: 1 << 18)
  private var end = 0
  private var flushed = 0
  /// The bytes so far.
  private(set) var count = 0

  mutating func append(_ byte: UInt8, _ sink: (UnsafeRawBufferPointer) -> Void) {
    if end == bytes.count { makeRoom(sink) }
    bytes[end] = byte
    (end, count) = (end + 1, count + 1)
  }

  /// Appends `length` bytes that start `distance` before the end; they may overlap what they append.
  mutating func repeatBytes(from distance: Int, _ length: Int, _ sink: (UnsafeRawBufferPointer) -> Void) {
    if end + length > bytes.count { makeRoom(sink) }
    let (start, goal) = (end, end + length)
    bytes.withUnsafeMutableBufferPointer { bytes in
      for place in start..<goal { bytes[place] = bytes[place - distance] }
    }
    (end, count) = (goal, count + length)
  }

  mutating func flush(_ sink: (UnsafeRawBufferPointer) -> Void) {
    bytes.withUnsafeBytes { sink(UnsafeRawBufferPointer(rebasing: $0[flushed..<end])) }
    flushed = end
  }

  private mutating func makeRoom(_ sink: (UnsafeRawBufferPointer) -> Void) {
    flush(sink)
    let kept = min(Self.reach, end)
    bytes.withUnsafeMutableBufferPointer { bytes in
      for i in 0..<kept { bytes[i] = bytes[end - kept + i] }
    }
    (end, flushed) = (kept, kept)
  }
}
