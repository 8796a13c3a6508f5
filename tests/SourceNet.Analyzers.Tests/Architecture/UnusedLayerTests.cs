using SourceNet.Analyzers.Architecture;

namespace SourceNet.Analyzers.Tests.Architecture;

public class UnusedLayerTests
{
    [Fact]
    public Task A_layer_that_nothing_applies_fires() => Code<UnusedLayer>.Reports(
        """
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly Linear a = nn.Linear(8, 8);
            private readonly nn.Module<Tensor, Tensor> {|SN3012:b|};
            private readonly TorchSharp.Modules.Dropout {|SN3012:dropout|};

            public Net() : base("net")
            {
                b = nn.Linear(8, 8);
                dropout = nn.Dropout(0.5);
                register_module("dropout", dropout);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => a.call(x);
        }
        """,
        "'b' is part of the model, and nothing applies it: its weights, if it has any, are saved and never trained. Apply it in forward, or remove it.",
        "'dropout' is part of the model, and nothing applies it: it regularizes nothing. Apply it in forward, or remove it.");

    [Theory]
    [InlineData("b.call(x)")]
    [InlineData("Other(x)")]
    [InlineData("children().Aggregate(x, (value, part) => ((nn.Module<Tensor, Tensor>)part).call(value))")]
    public Task A_layer_that_is_applied_somehow_is_silent(string result) => Code<UnusedLayer>.IsSilent(
        $$"""
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly nn.Module<Tensor, Tensor> b = nn.Linear(8, 8);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => {{result}};

            private Tensor Other(Tensor x) => b.call(x);
        }
        """);

    [Theory]
    [InlineData("protected readonly")]
    [InlineData("public readonly")]
    [InlineData("internal readonly")]
    public Task A_layer_that_others_may_apply_is_silent(string modifiers) => Code<UnusedLayer>.IsSilent(
        $$"""
        class Net : nn.Module<Tensor, Tensor>
        {
            {{modifiers}} nn.Module<Tensor, Tensor> b = nn.Linear(8, 8);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => x.alias();
        }
        """);

    [Fact]
    public Task A_field_that_never_gets_a_layer_is_silent() => Code<UnusedLayer>.IsSilent(
        """
        class Net : nn.Module<Tensor, Tensor>
        {
            private nn.Module<Tensor, Tensor>? later;

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => x.alias();
        }
        """);

    [Fact]
    public Task A_layer_that_goes_into_a_sequence_is_silent() => Code<UnusedLayer>.IsSilent(
        """
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly nn.Module<Tensor, Tensor> a, body;

            public Net() : base("net")
            {
                a = nn.Linear(8, 8);
                body = nn.Sequential(a, nn.ReLU());
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => body.call(x);
        }
        """);

    [Fact]
    public Task A_block_that_a_forward_leaves_out_fires() => Code<UnusedLayer>.Reports(
        """
        [Model, Input(8)]
        partial class Net
        {
            [Linear(8), Activation(ReLU)] private partial Tensor Hidden(Tensor x);

            [Dropout(0.5)] private partial Tensor {|SN3012:Drop|}(Tensor x);

            [Linear(2), Output] private partial Tensor Logits(Tensor x);

            public override Tensor forward(Tensor input) => Logits(Hidden(input));
        }
        """);

    [Fact]
    public Task The_blocks_of_a_chain_are_silent() => Code<UnusedLayer>.IsSilent(
        """
        [Model, Input(8)]
        partial class Net
        {
            [Linear(8), Activation(ReLU)] private partial Tensor Hidden(Tensor x);

            [Linear(2), Output] private partial Tensor Logits(Tensor x);
        }
        """);
}
