import Nulls
import Testing

@Suite struct DescriptionTests {
  @Test func groupsOfRowsAreCounted() {
    #expect("\(Exchangeability.rows)" == "rows" && "\(Exchangeability.pairs)" == "pairs")
    #expect("\(Exchangeability.groups([1, 1, 2, 3, 3, 4]))" == "6 rows in 4 groups")
  }
}
