using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Regularizers;
using Kind = SourceNet.Modeling.RegularizationKind;

namespace SourceNet.Modeling.Tests.Passes;

public class RegularizationTests
{
    [Fact]
    public void Weights_decay_and_biases_norm_scales_and_embeddings_do_not()
    {
        var graph = Declarations.Graph("""
            [Model, Input("T", DType = ScalarType.Int64), WeightDecay(0.1)]
            partial class M
            {
                [Embedding(10, 4), PositionEmbedding(8), Norm(Layer)] private partial Tensor Embed(Tensor x);
                [Linear(4), Activation(PReLU), Norm(RMS)] private partial Tensor Body(Tensor x);
            }
            """);

        Assert.Equal(
            [
                "biases, norms and embeddings | Embed.embedding.weight Embed.position_embedding.weight Embed.norm.weight Embed.norm.bias Body.linear.bias "
                    + "Body.activation.weight Body.norm.weight",
                "weight decay 0.1 inherits | Body.linear.weight",
            ],
            Groups(graph));
    }

    [Fact]
    public void A_block_may_say_that_its_embedding_decays_but_never_its_biases()
    {
        var graph = Declarations.Graph("""
            [Model, Input("T", DType = ScalarType.Int64)]
            partial class M
            {
                [Embedding(10, 4), Norm(Layer), Linear(4), WeightDecay(0.1)] private partial Tensor Body(Tensor x);
            }
            """);

        Assert.Equal(
            [
                "weight decay 0.1 | Body.embedding.weight",
                "biases, norms and embeddings | Body.norm.weight Body.norm.bias Body.linear.bias",
                "weight decay 0.1 inherits | Body.linear.weight",
            ],
            Groups(graph));
    }

    [Theory]
    [InlineData("Conv2d(4, Kernel = 3)", "weight", "bias")]
    [InlineData("ConvTranspose2d(4, Kernel = 3)", "weight", "bias")]
    [InlineData("Conv2d(4, Kernel = 3, Bias = false)", "weight", "")]
    [InlineData("Flatten, Linear(4)", "weight", "bias")]
    [InlineData("Reshape(16, 12), Attention(3)", "query.weight key.weight value.weight output.weight", "query.bias key.bias value.bias output.bias")]
    [InlineData("Reshape(16, 12), Attention(3, Bias = false)", "query.weight key.weight value.weight output.weight", "")]
    [InlineData("Flatten, FeedForward(4)", "up.weight down.weight", "up.bias down.bias")]
    [InlineData("Flatten, SwiGlu(4)", "gate.weight up.weight down.weight", "")]
    [InlineData("Flatten, SwiGlu(4, Bias = true)", "gate.weight up.weight down.weight", "gate.bias up.bias down.bias")]
    [InlineData("Norm(Batch)", "", "weight bias")]
    [InlineData("Norm(Batch, Affine = false)", "", "")]
    [InlineData("Norm(Instance)", "", "")]
    [InlineData("Norm(Instance, Affine = true)", "", "weight bias")]
    [InlineData("Norm(Group, Groups = 3)", "", "weight bias")]
    [InlineData("Norm(RMS)", "", "weight")]
    [InlineData("Activation(PReLU)", "", "weight")]
    [InlineData("Activation(ReLU), Dropout(0.1), MaxPool2d(2)", "", "")]
    public void Every_parameter_is_in_one_group(string layers, string weights, string others)
    {
        var graph = Declarations.Block(layers, "[Input(3, 8, 8), WeightDecay(0.1)]");

        // A default that has nothing to act on is told, as a warning.
        Assert.All(graph.Problems, problem => Assert.Equal(("SN6024", ""), (problem.Id, weights)));
        Assert.Equal(weights, Members(graph, decays: true));
        Assert.Equal(others, Members(graph, decays: false));
    }

    [Theory]
    [InlineData("", "WeightDecay(0.1)", "weight decay 0.1")]
    [InlineData("WeightDecay(0.1)", "", "weight decay 0.1")]
    [InlineData("WeightDecay(0.1)", "WeightDecay(0.2)", "weight decay 0.2")]
    [InlineData("WeightDecay(0.1)", "WeightDecay(0)", "weights")]
    [InlineData("WeightDecay(0.1)", "L1(0.2)", "weight decay, L1 0.1 0.2")]
    [InlineData("ElasticNet(0.1, L1Ratio = 0.75)", "", "weight decay, L1 0.025 0.075")]
    [InlineData("ElasticNet(0.1)", "WeightDecay(0)", "L1 0.05")]
    [InlineData("WeightDecay(0.1)", "ElasticNet(0.2)", "weight decay, L1 0.1 0.1")]
    [InlineData("ElasticNet(0.1)", "ElasticNet(0)", "weights")]
    [InlineData("WeightDecay(0.5), ElasticNet(1, L1Ratio = 0)", "", "weight decay 1.5")]
    [InlineData("ElasticNet(\"a\", L1Ratio = \"a / 2\")", "", "weight decay, L1 a * (1 - (a / 2)) a * (a / 2)")]
    [InlineData("MaxNorm(3), L2(0.1), NonNegative", "", "L2, non-negative, max norm 0.1 1 3")]
    [InlineData("UnitNorm, NonNegative", "", "non-negative, unit norm 1 1")]
    [InlineData("L2(0.1), MaxNorm(3)", "L2(0), MaxNorm(0)", "weights")]
    public void A_block_overrides_its_class_and_0_switches_off(string onClass, string onBlock, string expected)
    {
        var graph = Declarations.Block(
            onBlock.Length > 0 ? "Linear(4, Bias = false), " + onBlock : "Linear(4, Bias = false)",
            onClass.Length > 0 ? $"[Input(3), {onClass}]" : "[Input(3)]",
            "double a = 0.1");

        Assert.DoesNotContain(graph.Problems, problem => problem.IsError);
        Assert.Equal([expected + " inherits | Body.linear.weight"], Groups(graph));
    }

    [Fact]
    public void Transposed_weights_tell_in_how_many_groups_they_count_their_units()
    {
        var graph = Declarations.Block(
            "Conv2d(4, Kernel = 3, Groups = 1), ConvTranspose2d(4, Kernel = 3), ConvTranspose2d(4, Kernel = 3, Groups = 2), ConvTranspose2d(4, Kernel = 1, "
                + "Groups = \"n\"), MaxNorm(3)",
            parameters: "int n");

        Assert.Equal(
            [null, "1", "2", "n"],
            graph.Groups.Where(group => group.Regularizers[Kind.MaxNorm] is not null).Select(group => group.TransposedGroups?.ToString()));
    }

    [Fact]
    public void Reparametrizations_act_on_the_weights_that_they_can_take_apart()
    {
        var graph = Declarations.Graph("""
            [Model, Input(8, 4), WeightNorm, SpectralNorm(Iterations = 3), DropConnect(0.2)]
            partial class M
            {
                [Attention(2), Linear(4)] private partial Tensor Body(Tensor x);
                [Linear(2), Output] private partial Tensor Logits(Tensor x);
                [Linear(2), Output, DropConnect(0.1)] private partial Tensor Other(Tensor x);
            }
            """);

        Assert.Equal(
            [
                "body.linear.weight DropConnect 0.2 Default", "body.linear.weight WeightNorm 1 Default", "body.linear.weight SpectralNorm 3 Default",
                "logits.linear.weight WeightNorm 1 Default", "logits.linear.weight SpectralNorm 3 Default",
                "other.linear.weight DropConnect 0.1 Explicit", "other.linear.weight WeightNorm 1 Default", "other.linear.weight SpectralNorm 3 Default",
            ],
            Plan(graph));
        Assert.Contains("Body.linear.magnitude", Groups(graph).Single(group => group.StartsWith("biases", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_plan_lists_every_regularizer_with_who_said_so()
    {
        var graph = Declarations.Graph("""
            [Model, Input(3, 8, 8), Dropout(nameof(rate)), WeightDecay(0.1), LabelSmoothing(0.2), GradientClip(1)]
            partial class M(double rate, nn.Module<Tensor, Tensor> given)
            {
                private readonly nn.Module<Tensor, Tensor> extra = given;
                private readonly TorchSharp.Modules.Parameter scale = new(zeros(1));
                [Conv2d(4, Kernel = 3), Norm(Batch, Eps = 0.001), GaussianNoise(0.5)] private partial Tensor A(Tensor x);
                [SpatialDropout(0.1), DropBlock(0.1, BlockSize = 2), Flatten, AlphaDropout(0.1), GaussianDropout(0.1)] private partial Tensor B(Tensor x);
                [Residual, FeedForward(8, Dropout = 0.4), Dropout(0), DropPath(0.6), L1(0.3)] private partial Tensor C(Tensor x);
                [Linear(2), Output, WeightDecay(0)] private partial Tensor Logits(Tensor x);
            }
            """);

        Assert.Empty(graph.Problems);
        Assert.Equal(
            [
                "a.conv.weight WeightDecay 0.1 Default", "a.norm BatchNorm eps 0.001 Explicit", "a.dropout Dropout rate Default",
                "a.noise GaussianNoise 0.5 Explicit",
                "b.dropout1 SpatialDropout 0.1 Explicit", "b.dropout2 DropBlock 0.1 Explicit", "b.dropout3 AlphaDropout 0.1 Explicit",
                "b.dropout4 GaussianDropout 0.1 Explicit",
                "c.feed_forward Dropout 0.4 Explicit",
                "c.feed_forward.up.weight WeightDecay 0.1 Default", "c.feed_forward.up.weight L1 0.3 Explicit",
                "c.feed_forward.down.weight WeightDecay 0.1 Default", "c.feed_forward.down.weight L1 0.3 Explicit",
                "c.drop_path DropPath 0.6 Explicit",
                "extra.* WeightDecay 0.1 Default",
                "biases, norms and embeddings WeightDecay 0 Derived", "biases, norms and embeddings L1 0 Derived",
                "objective LabelSmoothing 0.2 Explicit", "gradients GradientClip 1 Explicit",
            ],
            Plan(graph));
    }

    [Fact]
    public void Every_kind_of_the_run_time_can_be_planned()
    {
        var graph = Declarations.Graph("""
            [Model, Input(4, 8, 8), ElasticNet(0.1), L2(0.1), MaxNorm(1), UnitNorm, NonNegative, Orthogonal, WeightNorm, SpectralNorm, DropConnect(0.1), LabelSmoothing(0.2), GradientClip(1)]
            [MixUp, CutMix, RDrop, Sam, Ema, Swa, EarlyStopping(5), Pruned(0.5), LearningRate(0.1), Frozen(UntilEpoch = 2)]
            partial class M
            {
                [Conv2d(4, Kernel = 1), Norm(Batch), Norm(Group, Groups = 2), Norm(Instance), Norm(Layer), Norm(RMS)] private partial Tensor A(Tensor x);
                [Residual, SpatialDropout(0.1), DropBlock(0.1), AlphaDropout(0.1), GaussianDropout(0.1), Dropout(0.1), GaussianNoise(1), DropPath(0.1)] private partial Tensor B(Tensor x);
            }
            """);

        Assert.All(graph.Plan, entry => Assert.Contains(entry.Provenance.ToString(), Enum.GetNames<SourceNet.Provenance>()));
        Assert.Equal(Enum.GetNames<SourceNet.RegularizationKind>(), graph.Plan.Select(entry => entry.Kind).Distinct().Order().Select(kind => kind.ToString()));
    }

    [Theory]
    // The plan says what was declared, and what of it is applied: what the optimizer does, and a policy compares, are the parts.
    [InlineData("ElasticNet(0.1, L1Ratio = 0.75)", "", "WeightDecay 0.025 Default", "L1 0.075 Default", "ElasticNet 0.1, L1Ratio 0.75 Default")]
    [InlineData("", "ElasticNet(0.1)", "WeightDecay 0.05 Explicit", "L1 0.05 Explicit", "ElasticNet 0.1, L1Ratio 0.5 Explicit")]
    [InlineData("WeightDecay(0.5), ElasticNet(1, L1Ratio = 0)", "", "WeightDecay 1.5 Default", "ElasticNet 1, L1Ratio 0 Default")]
    [InlineData(
        "ElasticNet(\"a\", L1Ratio = \"a / 2\")",
        "",
        "WeightDecay a * (1 - (a / 2)) Default",
        "L1 a * (a / 2) Default",
        "ElasticNet a, L1Ratio a / 2 Default")]
    // It is no longer one where a block says something else about a part of it.
    [InlineData("ElasticNet(0.1)", "WeightDecay(0)", "L1 0.05 Default")]
    [InlineData("ElasticNet(0.1)", "L1(0.2)", "WeightDecay 0.05 Default", "L1 0.2 Explicit")]
    [InlineData("ElasticNet(0.1)", "ElasticNet(0)")]
    [InlineData("ElasticNet(0.1)", "ElasticNet(0.3)", "WeightDecay 0.15 Explicit", "L1 0.15 Explicit", "ElasticNet 0.3, L1Ratio 0.5 Explicit")]
    public void An_elastic_net_is_planned_with_its_parts(string onClass, string onBlock, params string[] expected)
    {
        var graph = Declarations.Block(
            onBlock.Length > 0 ? "Linear(4, Bias = false), " + onBlock : "Linear(4, Bias = false)",
            onClass.Length > 0 ? $"[Input(3), {onClass}]" : "[Input(3)]", "double a = 0.1");

        Assert.DoesNotContain(graph.Problems, problem => problem.IsError);
        Assert.Equal(expected.Select(entry => "body.linear.weight " + entry), Plan(graph));
    }

    [Fact]
    public void A_default_of_which_a_block_gets_a_part_is_used()
    {
        var graph = Declarations.Block("Linear(4), L1(0)", "[Input(3), WeightDecay(0.5), ElasticNet(1)]");

        Assert.Empty(graph.Problems);
    }

    [Theory]
    [InlineData("UnitNorm", "UnitNorm(false)")]
    [InlineData("NonNegative", "NonNegative(false)")]
    [InlineData("Orthogonal", "Orthogonal(false)")]
    [InlineData("WeightNorm", "WeightNorm(false)")]
    [InlineData("SpectralNorm(Iterations = 3)", "SpectralNorm(false)")]
    [InlineData("DropConnect(0.1)", "DropConnect(0)")]
    [InlineData("L2(0.1)", "L2(0)")]
    public void A_block_switches_a_default_off(string onClass, string onBlock)
    {
        var on = Declarations.Block("Linear(4, Bias = false)", $"[Input(3), {onClass}]");
        var again = Declarations.Block($"Linear(4, Bias = false), {onClass}", $"[Input(3), {onClass}]");
        var off = Declarations.Block($"Linear(4, Bias = false), {onBlock}", $"[Input(3), {onClass}]");

        Assert.Single(on.Plan, entry => entry.Provenance == Modeling.Provenance.Default);
        Assert.Single(again.Plan, entry => entry.Provenance == Modeling.Provenance.Explicit);
        Assert.Empty(off.Plan);
        Assert.Equal("weights inherits | Body.linear.weight", Assert.Single(Groups(off)));
        Assert.False(off.Blocks[0].Regularizers.ReparametrizesWeights);
    }

    [Fact]
    public void What_never_learns_is_not_regularized_and_what_waits_is()
    {
        var graph = Declarations.Graph("""
            [Model, Input(8), WeightDecay(0.1), Pruned(0.5), LearningRate(0.5)]
            partial class M(double slow)
            {
                [Frozen, LearningRate(nameof(slow))] private readonly TorchSharp.Modules.Linear wrong = nn.Linear(8, 8);
                [Frozen] private readonly TorchSharp.Modules.Linear part = nn.Linear(8, 8);
                [LearningRate(1)] private readonly TorchSharp.Modules.Parameter scale = new(ones(8));
                [Frozen, Linear(8), Norm(Layer)] private partial Tensor A(Tensor x);
                [Frozen(UntilEpoch = 3), Linear(8)] private partial Tensor B(Tensor x);
                [LearningRate("slow / 2"), Linear(8)] private partial Tensor C(Tensor x);
                [LearningRate(1), Pruned(0), Linear(8), Output] private partial Tensor D(Tensor x);
                public override Tensor forward(Tensor input) => D(C(B(A(part.call(wrong.call(input)))))) * scale;
            }
            """);

        Assert.Equal(
            "[LearningRate] has no meaning here: 'wrong' is frozen and never learns; keep one of the two, or say with UntilEpoch when it begins to",
            Assert.Single(graph.Problems, problem => problem.IsError).Message);
        Assert.Equal(
            [
                "frozen, pruned 0.5, FromEpoch 1 | A.linear.weight",
                "frozen | A.linear.bias A.norm.weight A.norm.bias",
                "frozen until epoch 3, learning rate 0.5, weight decay, pruned 0.1 0.5, FromEpoch 1 inherits | B.linear.weight",
                "frozen until epoch 3, learning rate 0.5, biases, norms and embeddings | B.linear.bias",
                "learning rate slow / 2, weight decay, pruned 0.1 0.5, FromEpoch 1 inherits | C.linear.weight",
                "learning rate slow / 2, biases, norms and embeddings | C.linear.bias",
                "weight decay 0.1 inherits | D.linear.weight",
                "biases, norms and embeddings | D.linear.bias",
            ],
            Groups(graph));
        Assert.Equal(
            [
                "a.linear LearningRate 0.5 Default", "a.linear Frozen 1 Explicit", "a.linear.weight WeightDecay 0 Derived",
                "a.linear.weight Pruned 0.5, FromEpoch 1 Default",
                "part.weight WeightDecay 0 Derived", "part.weight Pruned 0.5, FromEpoch 1 Default",
                "part LearningRate 0.5 Default", "part Frozen 1 Explicit",
            ],
            Plan(graph).Where(entry => entry.StartsWith("a.linear", StringComparison.Ordinal) || entry.StartsWith("part", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("[Frozen] private Tensor mean = zeros(3);", "[Frozen] has no meaning here: a buffer is not trained")]
    [InlineData(
        "[LearningRate(0.1)] private int count;",
        "[LearningRate] has no meaning here: it is about a field or auto-property that holds a module, several, or a Parameter")]
    public void A_member_that_does_not_learn_is_reported(string member, string message)
    {
        var graph = Declarations.Graph($$"""[Model, Input(3)] partial class M { {{member}} [Linear(4), Output] private partial Tensor Body(Tensor x); }""");

        var problem = Assert.Single(graph.Problems, problem => problem.IsError);
        Assert.Equal(("SN6020", message), (problem.Id, problem.Message));
    }

    [Theory]
    [InlineData("WeightDecay(0.1), Flatten", "WeightDecay")]
    [InlineData("Frozen, Flatten", "Frozen")]
    [InlineData("LearningRate(0.1), Activation(ReLU)", "LearningRate")]
    [InlineData("DropConnect(0.1), Norm(Batch)", "DropConnect")]
    [InlineData("WeightNorm, Reshape(16, 12), Attention(2)", "WeightNorm")]
    [InlineData("MaxNorm(1), Activation(ReLU)", "MaxNorm")]
    public void A_rule_with_nothing_to_act_on_is_reported_once(string layers, string rule)
    {
        var problem = Assert.Single(Declarations.Block(layers).Problems);

        Assert.Equal("SN6021", problem.Id);
        Assert.StartsWith($"[{rule}]", problem.Message);
        Assert.Equal(new Origin(OriginKind.Block, 0, 0), problem.Origin);
    }

    [Theory]
    [InlineData("[Input(3), WeightDecay(-1)]", "SN6011", "The strength of WeightDecay must be at least 0, found -1")]
    [InlineData("[Input(3), WeightDecay(double.NaN)]", "SN6011", "at least 0, found NaN")]
    [InlineData("[Input(3), WeightDecay(double.PositiveInfinity)]", "SN6011", "at least 0, found Infinity")]
    [InlineData("[Input(3), GradientClip(double.PositiveInfinity)]", "SN6011", "above 0, found Infinity")]
    [InlineData("[Input(3), Ema(1)]", "SN6011", "The decay of Ema must be in (0, 1), found 1")]
    [InlineData("[Input(3), Swa(1)]", "SN6011", "The start of Swa must be in [0, 1), found 1")]
    [InlineData("[Input(3), Sam(0)]", "SN6011", "The radius of Sam must be above 0, found 0")]
    [InlineData("[Input(3), RDrop(-1)]", "SN6011", "The weight of RDrop must be above 0, found -1")]
    [InlineData("[Input(3), MixUp(0)]", "SN6011", "Alpha of MixUp must be above 0, found 0")]
    [InlineData("[Input(3), CutMix(double.NaN)]", "SN6011", "Alpha of CutMix must be above 0, found NaN")]
    [InlineData("[Input(3), EarlyStopping(0)]", "SN6011", "The patience of EarlyStopping must be at least 1, found 0")]
    [InlineData("[Input(3), Ema(\"nothing\")]", "SN6006", "'nothing' names no number")]
    [InlineData("[Input(3), GradientClip(0)]", "SN6011", "above 0, found 0")]
    [InlineData("[Input(3), GradientClip(\"nothing\")]", "SN6006", "'nothing' names no number")]
    [InlineData("[Input(3), LabelSmoothing(1)]", "SN6011", "The share of LabelSmoothing must be in [0, 1), found 1")]
    [InlineData("[Input(3), LabelSmoothing(0.1), Objective(ObjectiveKind.Huber)]", "SN6020", "it belongs to cross-entropy")]
    [InlineData("[Input(3), L2(\"1 / 0\")]", "SN6011", "'1 / 0' divides by 0")]
    [InlineData("[Input(3), L1(\"0 / 0\")]", "SN6011", "'0 / 0' divides by 0")]
    [InlineData("[Input(3), ElasticNet(1, L1Ratio = 2)]", "SN6011", "L1Ratio of ElasticNet must be in [0, 1], found 2")]
    [InlineData("[Input(3), SpectralNorm(Iterations = 0)]", "SN6007", "at least 1, found 0")]
    [InlineData("[Input(3), Frozen(UntilEpoch = 1)]", "SN6007", "UntilEpoch of Frozen must be at least 2, found 1")]
    [InlineData("[Input(3), LearningRate(0)]", "SN6011", "The factor of LearningRate must be above 0, found 0")]
    [InlineData("[Input(3), Pruned(1)]", "SN6011", "The share of Pruned must be in [0, 1), found 1")]
    [InlineData("[Input(3), Pruned(0.5, FromEpoch = 0)]", "SN6007", "FromEpoch of Pruned must be at least 1, found 0")]
    [InlineData("[Input(3), MaxNorm(-1)]", "SN6011", "above 0, or 0 to switch it off, found -1")]
    [InlineData("[Input(3), Dropout(1.0), Norm(Batch)]", "SN6011", "in [0, 1), found 1")]
    public void A_strength_out_of_range_is_reported_once(string attributes, string id, string message)
    {
        var problem = Assert.Single(Declarations.Block("Output, Linear(4)", attributes).Problems, problem => problem.IsError);

        Assert.Equal(id, problem.Id);
        Assert.Contains(message, problem.Message);
        Assert.Equal(OriginKind.Class, problem.Origin.Kind);
    }

    private static IEnumerable<string> Plan(LayerGraph graph) => graph.Plan.Select(entry => $"{entry.Where} {entry.Kind} {entry.Strength} {entry.Provenance}");

    private static IEnumerable<string> Groups(LayerGraph graph) => graph.Groups.Select(group =>
    {
        var strengths = group.Regularizers.Entries.Where(entry => RegularizerCatalogue.Of(entry.Kind) is GroupRegularizer).Select(entry => " "
            + entry.Strength.Text);
        var parameters = group.Parameters.Select(parameter => $"{parameter.Block}.{parameter.Layer}.{parameter.Member}");
        return $"{group.Name}{string.Concat(strengths)}{(group.Inherits ? " inherits" : "")} | {string.Join(" ", parameters)}";
    });

    private static string Members(LayerGraph graph, bool decays) =>
        string.Join(" ", graph.Groups.Where(group => group.Regularizers[Kind.WeightDecay] is not null == decays).SelectMany(group => group.Parameters).Select(
            parameter => parameter.Member));
}
