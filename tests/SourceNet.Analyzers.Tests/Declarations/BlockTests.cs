using SourceNet.Analyzers.Declarations;

namespace SourceNet.Analyzers.Tests.Declarations;

public class BlockTests
{
    private const string NotPartial =
        "Block 'Logits' must be a partial method without a body, 'private partial Tensor Logits(Tensor x);': the generator writes the body from its attributes";
    private const string Signature = "Block 'Logits' must take one Tensor and return a Tensor, 'private partial Tensor Logits(Tensor x);', found ";

    [Theory]
    [InlineData("private Tensor {|SN6003:Logits|}(Tensor x) => x;", NotPartial)]
    [InlineData("private partial Tensor {|SN6003:Logits|}(Tensor x) => x;", NotPartial)]
    [InlineData("private partial Tensor {|SN6003:Logits|}(Tensor x); private partial Tensor Logits(Tensor x) => x;", NotPartial)]
    [InlineData("private extern partial Tensor {|SN6003:Logits|}(Tensor x);", NotPartial)]
    [InlineData("private partial Tensor {|SN6003:Logits|}(Tensor x, Tensor y);", Signature + "'Tensor Logits(Tensor x, Tensor y)'")]
    [InlineData("private partial Tensor {|SN6003:Logits|}();", Signature + "'Tensor Logits()'")]
    [InlineData("private partial void {|SN6003:Logits|}(Tensor x);", Signature + "'void Logits(Tensor x)'")]
    [InlineData("private partial float {|SN6003:Logits|}(float x);", Signature + "'float Logits(float x)'")]
    [InlineData("private partial Tensor {|SN6003:Logits|}<T>(Tensor x);", Signature + "'Tensor Logits<T>(Tensor x)'")]
    [InlineData("private static partial Tensor {|SN6003:Logits|}(Tensor x);", Signature + "'static Tensor Logits(Tensor x)'")]
    [InlineData("private async partial Tensor {|SN6003:Logits|}(Tensor x);", Signature + "'async Tensor Logits(Tensor x)'")]
    [InlineData("private partial Tensor {|SN6003:Logits|}(ref Tensor x);", Signature + "'Tensor Logits(ref Tensor x)'")]
    [InlineData("private partial Tensor {|SN6003:Logits|}(params Tensor[] x);", Signature + "'Tensor Logits(params Tensor[] x)'")]
    [InlineData("private partial Tensor? {|SN6003:Logits|}(Tensor? x);", Signature + "'Tensor? Logits(Tensor? x)'")]
    [InlineData(
        "public override partial Tensor {|SN6003:forward|}(Tensor x);",
        "'forward' cannot be a block: leave it out, and the blocks are chained in order of declaration, or write it without layer attributes, and it composes "
            + "the blocks")]
    public Task A_method_that_cannot_be_expanded_is_reported(string method, string message) =>
        Declaration.Reports($"[Model, Input(3)] partial class Net {{ [Linear(10), Output] {method} }}", message);

    [Theory]
    [InlineData("public Tensor {|SN6003:forward|}(Tensor x) => Logits(x);", "Tensor forward(Tensor x)")]
    [InlineData("public float {|SN6003:forward|}(float x) => x;", "float forward(float x)")]
    [InlineData("public Tensor {|SN6003:forward|}(Tensor left, Tensor right) => Logits(left + right);", "Tensor forward(Tensor left, Tensor right)")]
    [InlineData("public Tensor {|SN6003:forward|}(Tensor input, Tensor? mask = null) => Logits(input);", "Tensor forward(Tensor input, Tensor? mask = null)")]
    [InlineData("public (Tensor, Tensor) {|SN6003:forward|}(Tensor input) => (Logits(input), input);", "(Tensor, Tensor) forward(Tensor input)")]
    [InlineData("public static Tensor {|SN6003:forward|}() => zeros(1);", "static Tensor forward()")]
    public Task A_forward_that_is_not_the_models_is_reported(string forward, string found) => Declaration.Reports(
        $"#pragma warning disable CS0108, CS0114\n[Model, Input(3)] partial class Net {{ [Linear(10)] private partial Tensor Logits(Tensor x); {forward} }}",
        $"'{found}' is not the model's forward, which is 'public override Tensor forward(Tensor input)', so nothing composes the blocks: declare it so, or "
            + "give it another name");

    public static TheoryData<string> Signatures =>
    [
        "private partial Tensor M(Tensor x, Tensor y);",
        "private partial Tensor? M(Tensor? x);",
        "private partial (Tensor Left, Tensor? Right) M(Tensor x);",
        "public partial Dictionary<string, (int Count, Tensor?)[]>? M(in Tensor x, out Tensor y, ref int z);",
        "private partial ref Tensor M(ref Tensor x);",
        "private partial ref readonly Tensor M(scoped ref Tensor x, ref readonly int y);",
        "internal partial T M<T, @class>(T x, params @class[] more) where T : class?, IDisposable, new() where @class : struct;",
        "protected internal partial T? M<T>(T? x) where T : notnull, Model;",
        "private partial TOther M<T, TOther>(T x, TOther y) where T : unmanaged where TOther : class;",
        "private static partial Tensor M(Tensor x);",
        "private unsafe partial int* M(Tensor x, delegate*<int, void> y, void** z);",
        "public virtual partial Tensor M(Tensor x = null!, int y = 3, string z = \"\");",
        "public new partial string GetType();",
        "public sealed override partial string ToString();",
        "partial void M(Tensor x, dynamic y, nint z);",
        "private partial void M(Tensor @event, Span<Tensor> y);",
        "private partial global::System.Threading.Tasks.Task<Tensor> M(Tensor[,]?[] x);",
    ];

    /// <summary>With CS8795 the compiler would stop before it runs analyzers.</summary>
    [Theory, MemberData(nameof(Signatures))]
    public async Task A_method_of_any_signature_gets_a_body_so_that_the_rule_is_seen(string method)
    {
        foreach (var head in new[] { "partial class", "partial record", "abstract partial class" })
        {
            var generated = Sources.Of($"#nullable enable\n[Model, Input(3)] {head} Net {{ [Linear(10)] {method} }}").AllowUnsafe().Generated();

            Assert.Empty(generated.CompilerErrors());
            Assert.Empty(generated.Compilation
                .GetDiagnostics()
                .Where(diagnostic => diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true));
            var id = Assert.Single(await generated.Analyze(new DeclarationAnalyzer())).Id;
            Assert.Equal(head == "partial class" ? "SN6003" : "SN6001", id);
        }
    }

    [Theory]
    [InlineData("Output")]
    [InlineData("Residual, WeightDecay(0.1)")]
    public Task A_block_without_layers_is_reported(string attributes) => Declaration.Reports(
        $"[Model, Input(3)] partial class Net {{ [Linear(10)] private partial Tensor Hidden(Tensor x); [{attributes}] private partial Tensor "
            + $"{{|SN6025:Logits|}}(Tensor x); }}",
        "Block 'Logits' has no layer, so it gives what it gets: add a layer attribute, or delete the block");

    [Fact]
    public Task A_second_norm_is_reported() => Declaration.Reports(
        "[Model, Input(3)] partial class Net { [Linear(4), Norm(Batch), Activation(ReLU), {|SN6017:Norm(Layer)|}, Linear(2)] private partial Tensor "
            + "Logits(Tensor x); }",
        "'Logits' normalizes twice with no weighted layer between, so the second norm changes next to nothing: remove one");

    [Theory]
    [InlineData("{|SN6020:DropPath(0.1)|}, Linear(3)")]
    [InlineData("Linear(3), {|SN6020:DropPath(0.1)|}")]
    [InlineData("Residual, {|SN6020:DropPath(0.1)|}, Linear(3)")]
    public Task A_drop_path_that_is_not_the_last_layer_of_a_residual_is_reported(string layers) => Declaration.Reports(
        $"[Model, Input(3)] partial class Net {{ [{layers}] private partial Tensor Logits(Tensor x); }}",
        "[DropPath] has no meaning here: it skips the body of a [Residual] block and stands after its last layer; elsewhere it would zero whole samples");

    [Theory]
    [InlineData("", "WeightNorm, {|SN6020:SpectralNorm|}", "SpectralNorm")]
    [InlineData("", "{|SN6020:SpectralNorm|}, WeightNorm", "SpectralNorm")]
    [InlineData(", WeightNorm", "{|SN6020:SpectralNorm|}", "SpectralNorm")]
    [InlineData(", SpectralNorm", "{|SN6020:WeightNorm|}", "WeightNorm")]
    [InlineData(", WeightNorm, {|SN6020:SpectralNorm|}", "L1(0.1)", "SpectralNorm")]
    public Task Two_norms_of_one_weight_are_reported(string ofClass, string ofBlock, string attribute) => Declaration.Reports(
        $"[Model, Input(3){ofClass}] partial class Net {{ [{ofBlock}, Linear(4)] private partial Tensor Hidden(Tensor x); [Linear(2)] private partial Tensor "
            + $"Logits(Tensor x); }}",
        $"[{attribute}] has no meaning here: the weights of 'Hidden' have [WeightNorm] and [SpectralNorm], and each decides their scale: keep one of the two");

    [Fact]
    public Task Label_smoothing_without_cross_entropy_is_reported() => Declaration.Reports(
        "[Model, Input(3), Objective(MeanSquaredError), {|SN6020:LabelSmoothing(0.1)|}] partial class Net { [Linear(2)] private partial Tensor Logits(Tensor "
            + "x); }",
        "LabelSmoothing has no meaning here: it belongs to cross-entropy, the objective is MeanSquaredError");

    [Theory]
    [InlineData("{|SN6021:WeightDecay(0.1)|}, Activation(ReLU)", "WeightDecay")]
    [InlineData("{|SN6021:L1(0.1)|}, Flatten", "L1")]
    [InlineData("{|SN6021:ElasticNet(0.1)|}, Flatten", "ElasticNet")]
    [InlineData("Norm(Layer), {|SN6021:DropConnect(0.1)|}", "DropConnect")]
    [InlineData("{|SN6021:SpectralNorm|}, FeedForward(4)", "SpectralNorm")]
    [InlineData("{|SN6021:L2(0.1)|}, Linear(3, TiedTo = nameof(Tied))", "L2")]
    public Task A_regularizer_without_weights_is_reported(string attributes, string rule) => Declaration.Reports(
        $"[Model, Input(3)] partial class Net {{ [Linear(3)] private partial Tensor Tied(Tensor x); [{attributes}] private partial Tensor Logits(Tensor x); }}",
        $"[{rule}] does nothing: no layer of 'Logits' has a weight that it could act on; remove it");

    [Theory]
    [InlineData("[Linear(1)] private partial Tensor A(Tensor x); [Linear(2)] private partial Tensor A(Tensor y);", "CS0111")]
    [InlineData("[Linear(1)] partial Tensor A(Tensor x);", "CS8796")]
    [InlineData("[Linear] private partial Tensor A(Tensor x);", "CS1729")]
    [InlineData("[Linear(1.5)] private partial Tensor A(Tensor x);", "CS1503")]
    [InlineData("[Reshape(1, 1, 3), Conv2d(8, Kernal = 1)] private partial Tensor A(Tensor x);", "CS0246")]
    [InlineData("[Liner(1)] private partial Tensor A(Tensor x);", "CS0246")]
    [InlineData("[Linear(1), Output, Output] private partial Tensor A(Tensor x);", "CS0579")]
    public async Task What_the_compiler_says_is_not_said_twice(string members, string error)
    {
        var generated = Sources.Of($"[Model, Input(3)] partial class Net {{ {members} }}").Generated();
        Assert.Empty(await generated.Analyze(new DeclarationAnalyzer()));
        Assert.Contains(generated.CompilerErrors(), diagnostic => diagnostic.Id == error);
        Assert.All(generated.CompilerErrors(), diagnostic => Assert.Equal("Model0.cs", diagnostic.Location.SourceTree!.FilePath));
    }

    [Theory]
    [InlineData("[Linear(10), Output] internal partial Tensor Logits(Tensor x);")]
    [InlineData("[Linear(10), Output] public virtual partial Tensor Logits(Tensor @params);")]
    [InlineData("[Linear(10)] private partial Tensor Logits(Tensor x); public override Tensor forward(Tensor input) => Logits(input);")]
    [InlineData(
        "[Linear(10)] private partial Tensor Logits(Tensor x); public override Tensor forward(Tensor input) => Logits(input); public Tensor forward(Tensor "
            + "left, Tensor right) => forward(left + right);")]
    [InlineData("[Residual, Norm(RMS), Linear(3), DropPath(0.1)] private partial Tensor Logits(Tensor x);")]
    [InlineData("[Linear(4), Norm(Batch), Linear(4), Norm(Layer)] private partial Tensor Logits(Tensor x);")]
    [InlineData("[L1(0.1), SpectralNorm, Linear(4)] private partial Tensor Logits(Tensor x);")]
    [InlineData(
        "[WeightNorm, DropConnect(0.1), Linear(4)] private partial Tensor Hidden(Tensor x); [SpectralNorm, Linear(4)] private partial Tensor Logits(Tensor "
            + "x);")]
    [InlineData("[WeightNorm, ElasticNet(0.1, L1Ratio = 0.2), Linear(4)] private partial Tensor Logits(Tensor x); private Tensor Loss(Tensor x) => x;")]
    public Task The_nearest_correct_block_is_silent(string members) => Declaration.IsSilent($"[Model, Input(3)] partial class Net {{ {members} }}");
}
