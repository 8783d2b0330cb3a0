using System.Text.Json;
using AgentFlow.Contracts.Tests.Samples;

namespace AgentFlow.Contracts.Tests;

public sealed class JsonTests
{
    [Fact]
    public void Names_are_camel_case_enums_are_names_and_a_case_says_which_it_is()
    {
        Assert.Equal("""{"name":"a","count":1,"inner":null}""", Codec.ToJson(Part.AgentFlowCodec, new Part("a", 1, null)));
        Assert.Equal("""{"$case":"square","label":"a","side":2,"level":"High"}""", Codec.ToJson(Shape.AgentFlowCodec, new Square("a", 2, Level.High)));
    }

    [Fact]
    public void Order_and_unknown_properties_do_not_matter()
    {
        Assert.Equal(new Part("a", 1, null), Codec.FromJson(Part.AgentFlowCodec, """{"more":{"x":[1]},"count":1,"name":"a"}"""));
        Assert.Equal(new Square("a", 2, Level.Low), Codec.FromJson(Shape.AgentFlowCodec, """{"label":"a","level":"Least","side":2,"$case":"square"}"""));
    }

    [Theory]
    [InlineData("{}", "$.name: is missing.")]
    [InlineData("""{"name":null,"count":1}""", "$.name: is null where a string is needed.")]
    [InlineData("""{"name":"a","count":"1"}""", "$.count: is not a number of 32 bits.")]
    [InlineData("""{"name":"a","count":1.5}""", "$.count: is not a number of 32 bits.")]
    [InlineData("""{"name":"a","name":"b","count":1}""", "$.name: stands twice.")]
    [InlineData("""{"name":"a","count":1,"inner":{"name":"b","count":1,"inner":{"name":"c","count":true}}}""", "$.inner.inner.count: is not a number of 32 bits.")]
    [InlineData("""{"name":"\ud800","count":1}""", "$.name: is not valid text.")]
    [InlineData("[]", "$: is not an object.")]
    public void An_error_names_the_path(string json, string message)
    {
        JsonException exception = Assert.ThrowsAny<JsonException>(() => Codec.FromJson(Part.AgentFlowCodec, json));
        Assert.Equal(message, exception.Message);
        Assert.Equal(message[..message.IndexOf(':', StringComparison.Ordinal)], exception.Path);
    }

    [Theory]
    [InlineData("""{"service":"a","inner":{"value":1,"note":""},"retries":1,"added":{"value":1},"tags":["a",1]}""", "$.tags[1]: is not a string.")]
    [InlineData("""{"service":"a","inner":{"value":1,"note":""},"retries":1,"added":{"value":1},"tags":null}""", "$.tags: is null where an array is needed.")]
    [InlineData("""{"service":"a","inner":{"value":1,"note":7},"retries":1,"added":{"value":1},"tags":[]}""", "$.inner.note: is not a string.")]
    public void An_error_in_a_list_names_the_place(string json, string message) =>
        Assert.Equal(message, Assert.ThrowsAny<JsonException>(() => Codec.FromJson(After.AgentFlowCodec, json)).Message);

    [Theory]
    [InlineData("""{"label":"a"}""", "$.$case: is missing.")]
    [InlineData("""{"$case":"triangle"}""", "$.$case: 'triangle' is not one of the names.")]
    [InlineData("""{"$case":"square","label":"a","side":1,"level":"Highest"}""", "$.level: 'Highest' is not one of the names.")]
    public void An_unknown_case_or_name_is_refused(string json, string message) =>
        Assert.Equal(message, Assert.ThrowsAny<JsonException>(() => Codec.FromJson(Shape.AgentFlowCodec, json)).Message);

    [Fact]
    public void Damaged_JSON_gives_a_JsonException_and_nothing_else()
    {
        var random = new Random(1);
        for (int i = 0; i < 3000; i++)
        {
            char[] json = Codec.ToJson(Everything.AgentFlowCodec, new RandomValues(i % 20).Next<Everything>()).ToCharArray();
            json[random.Next(json.Length)] = (char)random.Next(32, 127);
            try
            {
                Codec.FromJson(Everything.AgentFlowCodec, new string(json, 0, random.Next(2) == 0 ? json.Length : random.Next(json.Length)));
            }
            catch (JsonException exception)
            {
                Assert.StartsWith("$", exception.Message, StringComparison.Ordinal);
            }
        }
    }
}
