using Xunit;

namespace Shop.Tests;

public sealed class PriceListTests
{
    private readonly PriceList _prices = new();

    [Theory]
    [InlineData("apple", 1, 40)]
    [InlineData("bread", 2, 640)]
    [InlineData("coffee", 9, 7110)]
    public void A_basket_costs_price_times_count(string article, int count, int expected) => Assert.Equal(expected, _prices.Total(article, count));

    [Fact]
    public void Ten_pieces_cost_a_tenth_less() => Assert.Equal(360, _prices.Total("apple", 10));

    [Theory]
    [InlineData("apple", 0)]
    [InlineData("apple", -1)]
    [InlineData("caviar", 1)]
    public void What_is_not_for_sale_has_no_price(string article, int count) => Assert.Null(_prices.Total(article, count));

    [Fact]
    public void A_total_that_overflows_is_an_error() => Assert.Throws<OverflowException>(() => _prices.Total("coffee", int.MaxValue));
}
