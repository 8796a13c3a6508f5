using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Tests.Passes;

/// <summary>Which residual sums are computed with what the next block begins with.</summary>
public class SumFusionTests
{
    [Theory]
    [InlineData("Residual, Linear(8)", "Norm(RMS), Linear(8)", "0 → 1 RMSNorm 0..0")]
    [InlineData("Residual, Linear(8)", "Norm(RMS), Activation(SiLU), Dropout(0.1), Linear(8)", "0 → 1 RMSNorm 0..2")]
    [InlineData("Residual, Linear(8)", "Norm(Layer), Linear(8)", "0 → 1 LayerNorm 0..0")]
    [InlineData("Residual, Linear(8)", "Norm(Layer), Activation(GELU)", "0 → 1 LayerNorm 0..1")]
    [InlineData("Residual, Linear(8), DropPath(0.1)", "Activation(ReLU)", "0 → 1 Activation 0..0")]
    [InlineData("Residual, Linear(8)", "Activation(ReLU), Dropout(0.1), Linear(8)", "0 → 1 Activation 0..1")]
    [InlineData("Residual, Linear(8)", "Residual, Activation(ReLU), Linear(8)", "0 → 1 Activation 0..0")]
    // Both blocks begin with a norm and the last one ends with a sum: the models of a stack are joined as well.
    [InlineData("Residual, Norm(RMS), Linear(8)", "Residual, Norm(Layer), Linear(8)", "0 → 1 LayerNorm 0..0; 1 → 0 RMSNorm 0..0")]
    [InlineData("Norm(RMS), Linear(8)", "Residual, Linear(8)", "1 → 0 RMSNorm 0..0")]
    // No sum, or nothing that a kernel takes with it.
    [InlineData("Linear(8)", "Norm(RMS), Linear(8)", "")]
    [InlineData("Residual, Linear(8)", "Linear(8), Norm(RMS)", "")]
    [InlineData("Residual, Linear(8)", "Dropout(0.1), Linear(8)", "")]
    [InlineData("Residual, Linear(8)", "Activation(PReLU), Linear(8)", "")]
    [InlineData("Residual, Linear(8)", "Norm(Batch), Activation(ReLU)", "")]
    [InlineData("Residual, Linear(8)", "Activation(ActivationKind.None)", "")]
    public void A_sum_is_computed_with_the_norm_or_activation_after_it(string first, string second, string expected) =>
        Assert.Equal(expected, Text(Model(first, second)));

    [Theory]
    [InlineData("Model(Fuse = false)", "")]
    [InlineData("Model", "public override Tensor forward(Tensor input) => Second(First(input));")]
    [InlineData("Model", "private Tensor ForwardSum(Tensor x) => x;")]
    public void A_sum_stays_by_itself_where_the_author_calls_the_blocks_or_wants_no_kernel(string model, string member) =>
        Assert.Equal("", Text(Model("Residual, Linear(8)", "Norm(RMS)", model, member)));

    [Fact]
    public void A_block_that_cannot_be_written_leaves_its_neighbor_alone() =>
        Assert.Equal("", Text(Model("Residual, Linear(8)", "Norm(RMS), Conv2d(3, Kernel = 3)")));

    [Fact]
    public void Sums_go_into_a_stack_and_out_of_it()
    {
        var graph = Declarations.Graph("""
            [Model, Input(8)]
            partial class M
            {
                [Residual, Linear(8)] private partial Tensor Before(Tensor x);
                [Stack<Inner>("8", Repeat = 3)] private partial Tensor Blocks(Tensor x);
                [Norm(Layer), Linear(8)] private partial Tensor After(Tensor x);
            }

            [Model, Input("n")]
            partial class Inner(int n)
            {
                [Residual, Norm(RMS), Linear("n")] private partial Tensor Mix(Tensor x);
            }
            """);

        Assert.Equal(["0 → 1 RMSNorm ", "1 → 2 LayerNorm 0..0"], graph.Sums.Select(Text));
    }

    [Fact]
    public void A_stack_of_models_without_open_ends_takes_and_leaves_no_sum()
    {
        var graph = Declarations.Graph("""
            [Model, Input(8)]
            partial class M
            {
                [Residual, Linear(8)] private partial Tensor Before(Tensor x);
                [Stack<Inner>("8", Repeat = 3)] private partial Tensor Blocks(Tensor x);
                [Norm(Layer), Linear(8)] private partial Tensor After(Tensor x);
            }

            [Model, Input("n")]
            partial class Inner(int n)
            {
                [Residual, Linear("n")] private partial Tensor Mix(Tensor x);
            }
            """);

        Assert.Empty(graph.Sums);
    }

    [Fact]
    public void The_plan_and_what_a_layer_is_fused_with_in_its_own_block_stay_as_they_are()
    {
        var graph = Model("Residual, Norm(RMS), Linear(8)", "Residual, Norm(Layer), Linear(8), DropPath(0.1)");

        Assert.Equal(["first.norm: RMSNorm", "second.norm: ", "second.drop_path: DropPath + sum"], graph.Plan.Select(entry => $"{entry.Where}: {entry.Fused}"));
        Assert.Equal("libtorch's own is as fast", graph.Blocks[1].Fusion.ReasonAt(0));
    }

    private static LayerGraph Model(string first, string second, string model = "Model", string member = "") => Declarations.Graph($$"""
        [{{model}}, Input(8)]
        partial class M
        {
            [{{first}}] private partial Tensor First(Tensor x);
            [{{second}}] private partial Tensor Second(Tensor x);
            {{member}}
        }
        """);

    private static string Text(LayerGraph graph) => string.Join("; ", graph.Sums.Select(Text));

    private static string Text(FusedSum sum) =>
        $"{sum.From} → {sum.To} {sum.Step?.Kernel.ToString() ?? sum.Next} {(sum.Step is { } step ? $"{step.First}..{step.First + step.Count - 1}" : "")}";
}
