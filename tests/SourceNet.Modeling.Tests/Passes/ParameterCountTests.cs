using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Modeling.Tests.Passes;

/// <summary>The numbers of parameters at compile time are those of the modules at run time.</summary>
public class ParameterCountTests
{
    public static TheoryData<string, string, Func<nn.Module[]>> Layers => new()
    {
        { "[Input(8)]", "Linear(4)", () => [nn.Linear(8, 4)] },
        { "[Input(8)]", "Linear(4, Bias = false)", () => [nn.Linear(8, 4, hasBias: false)] },
        { "[Input(6, 9, 9)]", "Conv2d(4, Kernel = 3, Groups = 2)", () => [nn.Conv2d(6, 4, 3, groups: 2)] },
        { "[Input(6, 9)]", "Conv1d(4, Kernel = 5, Bias = false)", () => [nn.Conv1d(6, 4, 5, bias: false)] },
        { "[Input(6, 9, 9)]", "ConvTranspose2d(4, Kernel = 3, Groups = 2)", () => [nn.ConvTranspose2d(6, 4, 3, groups: 2)] },
        { "[Input(6, 9, 9)]", "Conv2d(4, Kernel = 3), Norm(Batch), Activation(PReLU)", () => [nn.Conv2d(6, 4, 3, bias: false), nn.BatchNorm2d(4), nn.PReLU(
            1)] },
        { "[Input(6, 9, 9)]", "Norm(Group, Groups = 3), Norm(Instance), MaxPool2d(2)", () => [nn.GroupNorm(3, 6)] },
        { "[Input(5, 8)]", "Norm(Layer), Norm(RMS), PositionEmbedding(7)", () => [nn.LayerNorm(8), nn.Linear(1, 8, hasBias: false), nn.Embedding(7, 8)] },
        { "[Input(5, DType = ScalarType.Int64)]", "Embedding(11, 8)", () => [nn.Embedding(11, 8)] },
        { "[Input(5, 8)]", "Attention(4)", () => [new SourceNet.Layers.Attention(8, 4)] },
        { "[Input(5, 8)]", "Attention(4, KeyValueHeads = 2, Bias = false)", () => [new SourceNet.Layers.Attention(8, 4, keyValueHeads: 2, bias: false)] },
        { "[Input(5, 8)]", "FeedForward(16)", () => [nn.Linear(8, 16), nn.Linear(16, 8)] },
        { "[Input(5, 8)]", "SwiGlu(16, Bias = false)", () => [nn.Linear(8, 16, hasBias: false), nn.Linear(8, 16, hasBias: false), nn.Linear(
            16,
            8,
            hasBias: false)] },
        { "[Input(8)]", "Dropout(0.5), Activation(ReLU)", () => [] },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void They_are_those_of_the_modules(string attributes, string layers, Func<nn.Module[]> modules)
    {
        var model = Declarations.Block(layers, attributes);

        Assert.DoesNotContain(model.Problems, problem => problem.IsError);
        Assert.Equal(modules().SelectMany(module => module.parameters()).Sum(parameter => parameter.numel()), model.ParameterCount.Constant);
    }

    [Fact]
    public void Of_a_tied_weight_they_count_once_and_of_a_stack_for_each_item()
    {
        var model = Declarations.Graph("""
            [Model, Input("T", DType = ScalarType.Int64)]
            partial class Net(int dim)
            {
                [Embedding(100, "dim")] private partial Tensor Embed(Tensor x);
                [Stack<Part>("2 * dim, dim", Repeat = 3)] private partial Tensor Parts(Tensor x);
                [Linear(100, Bias = false, TiedTo = nameof(Embed)), Output] private partial Tensor Logits(Tensor x);
            }

            [Model, Input("T", "dim")]
            partial class Part(int hidden, int dim)
            {
                [Linear("hidden", Bias = false)] private partial Tensor Up(Tensor x);
                [Linear("dim")] private partial Tensor Down(Tensor x);
            }
            """);

        Assert.Equal((100 * Dim.Symbol("dim")) + (3 * ((4 * Dim.Symbol("dim") * Dim.Symbol("dim")) + Dim.Symbol("dim"))), model.ParameterCount);
    }

    [Fact]
    public void A_part_that_nobody_can_see_into_makes_them_unknown()
    {
        var model = Declarations.Graph("""
            [Model, Input(4)]
            partial class Net(nn.Module<Tensor, Tensor> given)
            {
                private readonly nn.Module<Tensor, Tensor> own = given;
                [Linear(2), Output] private partial Tensor Logits(Tensor x);
            }
            """);

        Assert.False(model.ParameterCount.IsKnown);
    }

    [Fact]
    public void Modules_in_hand_written_parts_count_where_they_are_made()
    {
        var model = Declarations.Graph("""
            [Model, Input(4)]
            partial class Net
            {
                private readonly nn.Module<Tensor, Tensor> own = nn.Linear(3, 3);
                [Linear(2), Output] private partial Tensor Logits(Tensor x);
            }
            """);

        Assert.Equal(10 + 12, model.ParameterCount.Constant);
    }
}
