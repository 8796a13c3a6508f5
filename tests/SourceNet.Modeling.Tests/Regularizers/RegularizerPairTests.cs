using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Regularizers;

namespace SourceNet.Modeling.Tests.Regularizers;

/// <summary>Every pair of the catalogue: both act, or one of the two is an error. That those that are accepted act is tested where they are computed.</summary>
public class RegularizerPairTests
{
    [Fact]
    public void Of_every_pair_both_act_or_one_is_refused()
    {
        // What stands first decides; what follows could change nothing of the weights that are used.
        string[] expected =
        [
            "UnitNorm: ElasticNet L2 MaxNorm WeightDecay",
            "Orthogonal: ElasticNet L1 L2 MaxNorm NonNegative Pruned UnitNorm WeightDecay",
            "SpectralNorm: ElasticNet L2 MaxNorm UnitNorm WeightDecay",
            // Weight norm learns the lengths of units, spectral norm scales all of them.
            "WeightNorm: SpectralNorm",
            // What never learns has no learning rate.
            "Frozen: LearningRate",
        ];

        var refused = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (first, second) in Pairs())
        {
            foreach (var (onClass, onBlock) in new[]
            {
                ($", {Text(first)}, {Text(second)}", ""),
                ("", $", {Text(first)}, {Text(second)}"),
                ($", {Text(first)}", $", {Text(second)}")
            })
            {
                if ((first is ClassRegularizer && onBlock.Contains(Text(first), StringComparison.Ordinal))
                    || (second is ClassRegularizer && onBlock.Contains(Text(second), StringComparison.Ordinal)))
                {
                    continue;
                }

                if (Conflicts(onClass, onBlock) is { Count: > 0 } problems)
                {
                    Assert.All(problems, problem => Assert.Equal("SN6020", problem.Id));
                    refused.Add(string.Join(" ", new[] { first.Attribute, second.Attribute }.Order(StringComparer.Ordinal)));
                }
            }
        }

        var pairs = expected
            .Select(line => line.Split(": "))
            .SelectMany(line => line[1].Split(' ').Select(other => string.Join(" ", new[] { line[0], other }.Order(StringComparer.Ordinal))));
        Assert.Equal(string.Join("\n", pairs.Order(StringComparer.Ordinal)), string.Join("\n", refused));
    }

    [Theory]
    [InlineData(
        "",
        "SpectralNorm, WeightDecay(0.1)",
        "[WeightDecay] has no meaning here: [SpectralNorm] decides the lengths of the weights of 'Body', so that [WeightDecay] could change nothing of those "
            + "that are used; keep one of the two")]
    [InlineData("WeightDecay(0.1)", "SpectralNorm", "say [WeightDecay(0)] against the default of the class")]
    [InlineData(
        "ElasticNet(0.1)",
        "UnitNorm",
        "[ElasticNet] has no meaning here: [UnitNorm] decides the lengths of the weights of 'Body', so that [ElasticNet] could change nothing of those that "
            + "are used; say [ElasticNet(0)] against the default of the class")]
    [InlineData("Orthogonal", "NonNegative", "[Orthogonal] decides each of the weights of 'Body'")]
    public void The_message_says_what_undoes_it_and_what_to_write(string onClass, string onBlock, string message)
    {
        var problem = Assert.Single(Conflicts(onClass.Length > 0 ? $", {onClass}" : "", $", {onBlock}"));

        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(OriginKind.Block, problem.Origin.Kind);
    }

    [Theory]
    [InlineData("WeightDecay(0.1), SpectralNorm", "WeightDecay(0)")]
    [InlineData("WeightDecay(0.1), UnitNorm", "UnitNorm(false)")]
    [InlineData("MaxNorm(1), UnitNorm", "MaxNorm(0)")]
    public void What_a_block_switches_off_is_no_conflict(string onClass, string onBlock) => Assert.Empty(Conflicts($", {onClass}", $", {onBlock}"));

    [Fact]
    public void A_layer_that_spectral_norm_does_not_reach_decays()
    {
        var graph = Declarations.Graph(
            "[Model, Input(8, 4), SpectralNorm] partial class M { [Attention(2), WeightDecay(0.1)] private partial Tensor Body(Tensor x); [Linear(4), Output] "
                + "private partial Tensor Logits(Tensor x); }");

        Assert.Empty(graph.Problems);
    }

    [Fact]
    public void Defaults_that_reach_nothing_but_hand_written_parts_are_checked_too()
    {
        var graph = Declarations.Graph("""
            [Model, Input(4), WeightDecay(0.1), UnitNorm]
            partial class M
            {
                private readonly TorchSharp.Modules.Linear head = nn.Linear(4, 4);
                public override Tensor forward(Tensor input) => head.call(input);
            }
            """);

        Assert.Equal("[UnitNorm] decides the lengths of the weights of 'M'", Assert.Single(graph.Problems).Message.Split(": ")[1].Split(",")[0]);
    }

    private static IEnumerable<(Regularizer First, Regularizer Second)> Pairs()
    {
        var entries = RegularizerCatalogue.All.Where(entry => entry is not LayerRegularizer).ToList();
        return entries.SelectMany((first, index) => entries.Skip(index + 1).Select(second => (first, second)));
    }

    private static string Text(Regularizer entry) => entry.Argument switch
    {
        StrengthArgument.Number { Range: var range } => range.Includes(0.5) ? $"{entry.Attribute}(0.5)" : $"{entry.Attribute}(5)",
        _ => entry.Attribute,
    };

    private static IReadOnlyList<Problem> Conflicts(string onClass, string onBlock) => Declarations.Graph($$"""
        [Model, Input(4){{onClass}}]
        partial class M
        {
            [Linear(4){{onBlock}}] private partial Tensor Body(Tensor x);
        }
        """).Problems.Where(problem => problem.IsError).ToList();
}
