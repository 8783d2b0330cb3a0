using AgentFlow.Generators.Shared;

namespace AgentFlow.Generators.Tests;

public sealed class NamingTests
{
    [Fact]
    public void Types_that_look_alike_get_different_hint_names()
    {
        string[] names = ["Shop.Foo", "Shop.Foo`1", "Shop.Foo_1", "Shop.Foo_T", "Shop.Outer+Foo", "Shop.Outer.Foo", "Shop.Outer-Foo", "Shop.foo", "Shop.fOo", "Shop.Größe", "Shop.Gr(f6)ße"];
        string[] hints = [.. names.Select(name => Naming.HintName(name, "contract"))];
        Assert.Equal(names.Length, hints.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [InlineData("class", "@class")]
    [InlineData("record", "@record")]
    [InlineData("Built", "Built")]
    public void Keywords_are_escaped(string name, string expected) => Assert.Equal(expected, Naming.Identifier(name));

    [Theory]
    [InlineData("30m", 30)]
    [InlineData("2h", 120)]
    [InlineData("7d", 10080)]
    [InlineData("1h30m", 90)]
    [InlineData("60s", 1)]
    [InlineData("60000ms", 1)]
    public void Durations_are_read(string text, int minutes)
    {
        Assert.True(Durations.TryParse(text, out long ticks));
        Assert.Equal(TimeSpan.FromMinutes(minutes).Ticks, ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0m")]
    [InlineData("m")]
    [InlineData("2")]
    [InlineData("2 h")]
    [InlineData("30m1h")]
    [InlineData("1h1h")]
    [InlineData("-1h")]
    [InlineData("99999d")]
    [InlineData("9999999999s")]
    public void Text_that_is_no_duration_is_refused(string text) => Assert.False(Durations.TryParse(text, out _));
}
