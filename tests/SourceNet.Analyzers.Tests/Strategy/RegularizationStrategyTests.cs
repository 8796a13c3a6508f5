using SourceNet.Analyzers.Strategy;

namespace SourceNet.Analyzers.Tests.Strategy;

/// <summary>The regularization of a model against what is usual for so many samples.</summary>
public class RegularizationStrategyTests
{
    [Theory]
    // The band itself and its neighbors are silent.
    [InlineData(500, 0.5, 1e-3, "")]
    [InlineData(500, 0.3, 1e-4, "")]
    [InlineData(50_000, 0.2, 1e-5, "")]
    [InlineData(50_000, 0.1, 1e-4, "")]
    [InlineData(5_000_000, 0.0, 1e-5, "")]
    // Two bands away speaks.
    [InlineData(500, 0.2, 1e-3, "SN7001")]
    [InlineData(500, 0.5, 1e-5, "SN7002")]
    [InlineData(50_000, 0.5, 1e-5, "SN7001")]
    [InlineData(50_000, 0.2, 1e-2, "SN7002")]
    [InlineData(5_000_000, 0.5, 0.0, "SN7001")]
    [InlineData(5_000_000, 0.0, 1e-2, "SN7002")]
    [InlineData(500, 0.1, 1e-5, "SN7001 SN7002")]
    public Task Dropout_and_decay_are_compared_with_the_band_and_its_neighbors(long samples, double dropout, double decay, string rules) =>
        Finds(Augmented + Model($"TrainedOn({samples}), WeightDecay({Number(decay)})", $"Dropout({Number(dropout)})"), rules);

    [Theory]
    [InlineData(999, 0.1, "SN7001")]
    [InlineData(1_000, 0.1, "SN7001")]
    [InlineData(10_000, 0.1, "")]
    [InlineData(999_999, 0.3, "SN7001")]
    [InlineData(100_000, 0.2, "")]
    public Task The_bounds_of_the_bands_are_those_of_the_table(long samples, double dropout, string rules) =>
        Finds(Augmented + Model(
            $"TrainedOn({samples}), WeightDecay({(samples < 1_000 ? "1e-3" : samples < 10_000 ? "1e-4" : "1e-5")})",
            $"Dropout({Number(dropout)})"), rules);

    [Fact]
    public Task The_message_says_what_is_declared_and_what_is_usual() => Code<RegularizationStrategy>.Reports(
        Augmented + Model("{|SN7001:TrainedOn(500)|}, WeightDecay(1e-3)", "Dropout(0.1)"),
        "'Net' drops 0.1; for 500 samples the guide's table by dataset size recommends about 0.5. It is a heuristic: watch the gap between training and "
            + "validation.");

    [Fact]
    public Task A_model_that_nothing_regularizes_is_told_once() => Code<RegularizationStrategy>.Reports(
        Augmented + Model("{|SN7005:TrainedOn(5000)|}", "Flatten"),
        "Nothing regularizes 'Net', which is trained on 5 000 samples: the guide's table by dataset size recommends dropout of about 0.3 and weight decay of "
            + "about 0.0001. It is a heuristic.");

    [Theory]
    [InlineData("MixUp")]
    [InlineData("RDrop")]
    [InlineData("LabelSmoothing(0.1)")]
    [InlineData("UnitNorm")]
    public Task What_another_regularizer_acts_on_is_not_said_to_have_none(string regularizer) =>
        Finds(Augmented + Model($"TrainedOn(5000), {regularizer}", "Flatten"), "SN7001 SN7002");

    /// <summary>The decay of an elastic net of 0.1 is 0.05.</summary>
    [Fact]
    public Task The_decay_of_an_elastic_net_is_a_weight_decay() => Finds(Augmented + Model("TrainedOn(5000), ElasticNet(0.1)", "Flatten"), "SN7001");

    [Theory]
    [InlineData("Ema")]
    [InlineData("GradientClip(1)")]
    [InlineData("EarlyStopping(5)")]
    [InlineData("UnitNorm(false)")]
    public Task What_steadies_or_ends_a_training_regularizes_no_model(string other) =>
        Finds(Augmented + Model($"TrainedOn(5000), {other}", "Flatten"), "SN7005");

    [Fact]
    public Task What_is_not_known_is_silent() => Finds(
        Augmented + """
        [Model, Input(8), TrainedOn(500), WeightDecay(nameof(decay))]
        partial class Deep(double rate, double decay)
        {
            [Linear(8), Activation(ReLU), Dropout(nameof(rate))] private partial Tensor Hidden(Tensor x);

            [Linear(2), Output] private partial Tensor Logits(Tensor x);
        }
        """,
        "");

    [Fact]
    public Task Without_a_size_all_is_silent() => Finds(Model("WeightDecay(1e-5)", "Dropout(0.9)"), "");

    [Fact]
    public Task The_size_may_stand_in_an_editorconfig() => Code<RegularizationStrategy>.ReportsConfigured(
        Augmented + Model("WeightDecay(1e-3)", "Dropout(0.1)").Replace("class Net", "class {|SN7001:Net|}"),
        "[*.cs]\nsourcenet.training_samples = 500\n");

    [Fact]
    public Task The_attribute_wins_over_the_editorconfig() => Code<RegularizationStrategy>.IsSilent(
        Augmented + Model("TrainedOn(500_000), WeightDecay(1e-5)", "Dropout(0.1)"),
        "[*.cs]\nsourcenet.training_samples = 500\n");

    [Theory]
    [InlineData("many")]
    [InlineData("0")]
    [InlineData("-5")]
    public Task A_size_that_is_none_is_told(string size) => Code<RegularizationStrategy>.ReportsConfigured(
        Model("WeightDecay(1e-3)", "Dropout(0.1)").Replace("class Net", "class {|SN7006:Net|}"),
        $"[*.cs]\nsourcenet.training_samples = {size}\n");

    [Fact]
    public Task A_hand_written_module_is_compared_too() => Code<RegularizationStrategy>.Reports(
        Augmented + """
        [{|SN7001:TrainedOn(2_000_000)|}]
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly TorchSharp.Modules.Sequential body = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 2));

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => body.call(x);
        }
        """);

    [Fact]
    public Task Little_data_that_nothing_augments_is_told() => Finds(Model("TrainedOn(5_000), WeightDecay(1e-4)", "Dropout(0.3)"), "SN7003");

    [Theory]
    [InlineData("class Data { public Tensor Augment(Tensor x) => x; public Tensor Next(Tensor x) => Augment(x); }")]
    [InlineData("class RandomFlip { } class Data { public object Make() => new RandomFlip(); }")]
    public Task Anything_that_looks_like_augmentation_is_enough(string data) => Finds(Model("TrainedOn(5_000), WeightDecay(1e-4)", "Dropout(0.3)") + data, "");

    [Fact]
    public async Task A_policy_of_ones_own_replaces_the_table()
    {
        const string Policy = """
            { "deepLayers": 2, "bands": [
              { "below": 1000, "dropout": 0.1, "weightDecay": 1e-5, "augmentation": "none", "normalization": true },
              { "below": 10000, "dropout": 0.3, "weightDecay": 1e-4, "augmentation": "none", "normalization": false },
              { "dropout": 0.5, "weightDecay": 1e-3, "augmentation": "none", "normalization": false } ] }
            """;
        var found = await Sources.Of(Model("TrainedOn(500), WeightDecay(1e-5)", "Dropout(0.5)"))
            .WithFile("team.sourcenet-policy.json", Policy)
            .Generated()
            .Analyze(new Only<RegularizationStrategy>());
        Assert.Equal(
            [
                "'Net' drops 0.5; for 500 samples the policy team.sourcenet-policy.json recommends about 0.1. It is a heuristic: watch the gap between "
                    + "training and validation.",
                "'Net' has 2 layers with weights and no norm; for 500 samples the policy team.sourcenet-policy.json recommends normalization: deep networks "
                    + "train slowly or not at all without.",
            ],
            found.Select(diagnostic => diagnostic.GetMessage()));
    }

    [Theory]
    [InlineData("", 0, 0, "expected a value, found the end of the file")]
    [InlineData("{", 0, 1, "expected a name in quotes or '}', found the end of the file")]
    [InlineData("[]", 0, 0, "expected a policy, an object, found an array")]
    [InlineData("{}", 0, 0, "expected \"bands\", found none")]
    [InlineData("{ \"bands\": [], }", 0, 15, "expected a name in quotes, found '}'")]
    [InlineData("{ \"bands\": [] }", 0, 11, "expected \"bands\" to be an array of at least one band, found none")]
    [InlineData(
        "{\n  \"bands\": [ { \"dropout\": 1, \"weightDecay\": 0, \"augmentation\": \"none\", \"normalization\": true } ] }",
        1,
        26,
        "expected \"dropout\" to be a number in [0, 1), found 1")]
    [InlineData(
        "{ \"bands\": [ { \"dropout\": 0, \"weightDecay\": 0, \"augmentation\": \"some\", \"normalization\": true } ] }",
        0,
        63,
        "expected \"augmentation\" to be \"none\", \"yes\" or \"heavy\", found \"some\"")]
    [InlineData(
        "{ \"bands\": [ { \"dropout\": 0, \"weightDecay\": 0, \"augmentation\": \"none\" } ] }",
        0,
        13,
        "expected \"normalization\" in every band, found none")]
    [InlineData("{ \"band\": 1, \"band\": 2 }", 0, 13, "expected each name once, found \"band\" again")]
    [InlineData(
        "{ \"deepLayers\": 0.5, \"bands\": [ { \"dropout\": 0, \"weightDecay\": 0, \"augmentation\": \"none\", \"normalization\": true } ] }",
        0,
        16,
        "expected \"deepLayers\" to be a whole number from 1 to 2147483647, found 0.5")]
    public async Task A_mistake_in_the_policy_is_told_at_its_place_and_the_rules_are_silent(string policy, int line, int column, string message)
    {
        var found = await Sources.Of(Model("TrainedOn(500), WeightDecay(1e-5)", "Dropout(0.1)"))
            .WithFile("/sourcenet.policy.json", policy)
            .Generated()
            .Analyze(new Only<RegularizationStrategy>());
        var error = Assert.Single(found);
        Assert.Equal("SN7007", error.Id);
        Assert.Equal($"The policy cannot be read, so the rules about strategy are silent: {message}", error.GetMessage());
        var place = error.Location.GetLineSpan();
        Assert.Equal(("/sourcenet.policy.json", line, column), (place.Path, place.StartLinePosition.Line, place.StartLinePosition.Character));
    }

    [Fact]
    public async Task Two_policies_are_one_too_many()
    {
        var found = await Sources.Of(Model("TrainedOn(500), WeightDecay(1e-5)", "Dropout(0.1)"))
            .WithFile("sourcenet.policy.json", "{}")
            .WithFile("z.sourcenet-policy.json", "{}")
            .Generated()
            .Analyze(new Only<RegularizationStrategy>());
        Assert.Equal(
            "The policy cannot be read, so the rules about strategy are silent: expected one policy file, found sourcenet.policy.json too",
            Assert.Single(found).GetMessage());
    }

    private const string Augmented = "class Data { public Tensor Augment(Tensor x) => x; public Tensor Next(Tensor x) => Augment(x); }\n";

    private static string Number(double value) => value.ToString("0.#######", System.Globalization.CultureInfo.InvariantCulture);

    private static string Model(string attributes, string layer) =>
        $$"""
        [Model, Input(8), {{attributes}}]
        partial class Net
        {
            [Linear(8), Activation(ReLU), {{layer}}] private partial Tensor Hidden(Tensor x);

            [Linear(2), Output] private partial Tensor Logits(Tensor x);
        }
        """;

    private static async Task Finds(string source, string rules)
    {
        var sources = Sources.Of(source).Generated();
        Assert.Empty(sources.CompilerErrors());
        Assert.Equal(rules, string.Join(" ", (await sources.Analyze(new Only<RegularizationStrategy>())).Select(diagnostic => diagnostic.Id)));
    }
}
