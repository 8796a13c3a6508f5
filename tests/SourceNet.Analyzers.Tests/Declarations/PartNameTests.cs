namespace SourceNet.Analyzers.Tests.Declarations;

/// <summary>Names of the parts of attention and feed-forward layers.</summary>
public class PartNameTests
{
    [Theory]
    [InlineData(
        "{|SN6008:Attention(2, Names = \"q, k, v\")|}",
        "Names of Attention must be 4 names, for query, key, value, output, found q, k, v")]
    [InlineData(
        "{|SN6008:Attention(2, Fused = true, Names = \"q, k, v, o\")|}",
        "Names of Attention must be 2 names, for query_key_value, output, found q, k, v, o")]
    [InlineData("{|SN6008:SwiGlu(8, Names = \"\")|}", "Names of SwiGlu must be 3 names, for gate, up, down, found none")]
    [InlineData(
        "{|SN6013:FeedForward(8, Names = \"a, b c\")|}",
        "'b c' is no state_dict name: expected letters, digits, '_' and '-', in parts separated by dots")]
    [InlineData(
        "{|SN6013:FeedForward(8, Names = \"a, a\")|}",
        "The state_dict name 'first.a' is taken already by 'up' of FeedForward of 'First': give one of the two another name")]
    [InlineData(
        "{|SN6013:FeedForward(8, Names = \"feed_forward, a\")|}",
        "The state_dict name 'first.feed_forward' is taken already by FeedForward of 'First': give one of the two another name")]
    public Task A_name_that_a_part_cannot_have_is_reported(string layer, string message) => Declaration.Reports(
        $"[Model, Input(\"T\", 8)] partial class Net {{ [{layer}] private partial Tensor First(Tensor x); }}", message);

    [Fact]
    public Task Names_of_parts_are_silent_where_they_can_be() => Declaration.IsSilent(
        """
        [Model, Input("T", 8)] partial class Net
        {
            [Name("attention"), Attention(2, Names = "self.query, self.key, self.value, output.dense"), Dropout(0.1), Norm(Layer, Name = "output.LayerNorm")]
            private partial Tensor First(Tensor x);
            [Name(""), FeedForward(16, Name = "mlp", Names = "c_fc, c_proj")] private partial Tensor Second(Tensor x);
        }
        """);
}
