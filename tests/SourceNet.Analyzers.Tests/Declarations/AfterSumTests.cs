namespace SourceNet.Analyzers.Tests.Declarations;

/// <summary>Where the sum of a residual stands.</summary>
public class AfterSumTests
{
    private const string NoResidual = "[Sum] has no meaning here: it ends the body of a [Residual] block; say [Residual] too";
    private const string NothingAfter =
        "[Sum] has no meaning here: no layer follows it, and a [Residual] block ends with its sum anyway; leave it out";

    [Theory]
    [InlineData("Linear(8), {|SN6020:Sum|}, Activation(ReLU)", NoResidual)]
    [InlineData("Residual, Linear(8), {|SN6020:Sum|}", NothingAfter)]
    [InlineData(
        "{|SN6012:Residual|}, Linear(4), Sum, Activation(ReLU)",
        "[Residual] adds the input of 'Logits' to its output, but [8] goes in and [4] comes out: both shapes must agree")]
    [InlineData(
        "Residual, Linear(8), Sum, {|SN6020:DropPath(0.1)|}",
        "[DropPath] has no meaning here: it skips the body of a [Residual] block and stands after its last layer; elsewhere it would zero whole samples")]
    public Task A_sum_that_cannot_be_there_is_reported(string layers, string message) => Declaration.Reports(
        $"[Model, Input(8)] partial class Net {{ [{layers}] private partial Tensor Logits(Tensor x); }}", message);

    [Theory]
    [InlineData("Residual, Linear(8), Norm(Layer), Sum, Norm(Layer)")]
    [InlineData("Residual, Sum, Linear(3)")]
    [InlineData("Residual, Linear(8), DropPath(0.1), Sum, Norm(RMS), Activation(ReLU), Linear(3)")]
    public Task A_sum_with_layers_behind_it_is_silent(string layers) => Declaration.IsSilent(
        $"[Model, Input(8)] partial class Net {{ [{layers}] private partial Tensor Logits(Tensor x); }}");
}
