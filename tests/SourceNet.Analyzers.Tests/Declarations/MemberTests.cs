namespace SourceNet.Analyzers.Tests.Declarations;

public class MemberTests
{
    [Theory]
    [InlineData("private readonly Linear {|SN6023:head|}; public Net() { head = nn.Linear(8, 8); }", "head")]
    [InlineData("private Linear? {|SN6023:head|};", "head")]
    [InlineData("private readonly Linear {|SN6023:head|} = null!;", "head")]
    [InlineData("private readonly Parameter {|SN6023:scale|} = default!;", "scale")]
    [InlineData("private readonly List<nn.Module> {|SN6023:heads|}; public Net() => heads = [];", "heads")]
    [InlineData("public Linear {|SN6023:Head|} { get; } public Net() => Head = nn.Linear(8, 8);", "Head")]
    public Task A_part_that_is_null_when_the_layers_are_registered_is_reported(string members, string part) => Declaration.Reports(
        $"#nullable disable warnings\n[Model, Input(8)] partial class Net {{ [Linear(7)] private partial Tensor Logits(Tensor x); {members} }}",
        $"'{part}' is still null when the model registers its layers, before the body of a constructor runs, so constructing the model throws: initialize it where it is declared, '{part} = ...;'");

    [Theory]
    [InlineData("private readonly Linear head = nn.Linear(8, 8);")]
    [InlineData("private readonly Linear head = nn.Linear(8, 8); public Net(int dim) { head = nn.Linear(dim, dim); }")]
    [InlineData("private static Linear? head; public static Linear Head => head ??= nn.Linear(8, 8);")]
    [InlineData("public Linear Head { get; } = nn.Linear(8, 8); public Linear Same => Head;")]
    [InlineData("private readonly Linear[] heads = [nn.Linear(8, 8)]; private Parameter scale = new(ones(3));")]
    [InlineData("private readonly Tensor? cache; public Tensor? Cache => cache;")]
    public Task A_part_that_exists_in_time_is_silent(string members) => Declaration.IsSilent(
        $"#nullable disable warnings\n[Model, Input(8)] partial class Net {{ [Linear(7)] private partial Tensor Logits(Tensor x); {members} }}");

    [Theory]
    [InlineData("private string {|SN6026:Plan|} => \"\";", "Plan")]
    [InlineData("public int {|SN6026:LayerDescriptions|};", "LayerDescriptions")]
    [InlineData("public override Tensor {|SN6026:Loss|}(Tensor logits, Tensor targets) => logits - targets;", "Loss")]
    [InlineData("public override IReadOnlyList<RegularizedGroup> {|SN6026:ParameterGroups|}(WeightRegularization? inherited = null) => [];", "ParameterGroups")]
    [InlineData("public override RegularizationPlan {|SN6026:RegularizationPlan|} => SourceNet.RegularizationPlan.Empty;", "RegularizationPlan")]
    [InlineData("private int {|SN6026:Loss|} => 1;", "Loss")]
    [InlineData("protected override void {|SN6026:RegisterLayers|}(LayerRegistry layers) { }", "RegisterLayers")]
    [InlineData("[Linear(2)] private partial Tensor {|SN6026:Arguments|}(Tensor x);", "Arguments")]
    [InlineData("private Tensor {|SN6026:forward|} => ones(1);", "forward")]
    public async Task A_member_that_the_generator_writes_too_is_reported(string member, string name)
    {
        var (source, marks) = Marked.Read($"[Model, Input(8)] partial class Net {{ [Linear(7)] private partial Tensor Logits(Tensor x); {member} }}");
        foreach (var sources in new[] { Sources.Of(source), Sources.Of(source).Generated() })
        {
            var problem = Assert.Single(await sources.Analyze(new SourceNet.Analyzers.Declarations.DeclarationAnalyzer()));
            Assert.Equal(marks, [(problem.Id, problem.Location.SourceSpan.Start, problem.Location.SourceSpan.Length)]);
            Assert.Equal($"'{name}' is a member that the generator writes: give yours another name", problem.GetMessage());
        }

        // The generator leaves out what the compiler would report a second time.
        Assert.Empty(Sources.Of(source).Generated().CompilerErrors());
    }

    [Fact]
    public Task Other_overloads_are_silent() => Declaration.IsSilent(
        "[Model, Input(8)] partial class Net { [Linear(7)] private partial Tensor Logits(Tensor x); public Tensor Loss(Tensor x) => x; public void ParameterGroups() { } }");
}
