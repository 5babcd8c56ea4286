import TensorIO
import Testing

@Suite struct NearNamesTests {
  @Test(arguments: [
    ("kitten", "sitten", true), ("svd", "sdv", true), ("output", "ouput", true), ("OUTPUT", "output", true),
    ("abcdef", "abXYef", true), ("abcdef", "aWXYef", false), ("q_proj", "model.q_proj.weight", true),
    ("ab", "cabd", false), ("", "a", false),
  ])
  func nearness(wanted: String, name: String, isNear: Bool) {
    #expect((nearNames(to: wanted, among: [name]) == [name]) == isNear)
  }

  @Test func theNearestComesFirstAndTiesKeepTheirOrder() {
    #expect(
      nearNames(to: "layer", among: ["layers.10", "lager", "zebra", "later", "layer"]) == [
        "layer", "lager", "later", "layers.10",
      ])
  }

  @Test func aShortListHasEightNames() {
    let names = (0..<20).map { "tensor\($0)" } + ["odd"]
    let list = shortList(of: names, nearestTo: "od")
    #expect(list.count == 9 && list[0] == "odd" && list[1] == "tensor0" && list[8] == "…")
    #expect(shortList(of: ["b", "a"], nearestTo: "a") == ["a", "b"] && shortList(of: []) == [])
  }

  @Test func longNamesCostNothing() {
    let long = String(repeating: "a", count: 1 << 20)
    #expect(nearNames(to: long, among: [long]).isEmpty)
    #expect(nearNames(to: "aaa", among: [String](repeating: long, count: 100)).isEmpty)
  }
}

@Suite struct NaturalOrderTests {
  @Test func numbersCountByTheirValue() {
    let sorted = [
      "", "0", "1", "2", "10", "a", "a1", "a01b", "a1b", "a2", "a10", "a10b2", "a10b10", "a99999999999999999999999",
      "a100000000000000000000000", "aa", "b", "é",
    ]
    #expect(sorted.shuffled().sorted(by: naturallyPrecedes) == sorted)
    for name in sorted { #expect(!naturallyPrecedes(name, name)) }
  }

  @Test func theOrderIsStrict() {
    let names = ["1", "01", "001", "1a", "01a", "a1", "a01", "-1", "10", "１"]
    for (a, b) in names.flatMap({ a in names.map { (a, $0) } }) where a != b {
      #expect(naturallyPrecedes(a, b) != naturallyPrecedes(b, a), "\(a) \(b)")
    }
  }
}
