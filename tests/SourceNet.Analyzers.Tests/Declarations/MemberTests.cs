namespace SourceNet.Analyzers.Tests.Declarations;

public class MemberTests
{
    [Theory]
    [InlineData("private readonly Linear {|SN6023:head|}; public Net() { head = nn.Linear(8, 8); }", "head")]
    [InlineData("private Tensor {|SN6023:mean|}; public Net() => mean = zeros(3);", "mean")]
    [InlineData("private readonly Linear {|SN6023:head|} = null!;", "head")]
    [InlineData("private readonly Parameter {|SN6023:scale|} = default!;", "scale")]
    [InlineData("private readonly List<nn.Module> {|SN6023:heads|}; public Net() => heads = [];", "heads")]
    [InlineData("public Linear {|SN6023:Head|} { get; } public Net() => Head = nn.Linear(8, 8);", "Head")]
    public Task A_part_that_is_null_when_the_layers_are_registered_is_reported(string members, string part) => Declaration.Reports(
        $"#nullable disable warnings\n[Model, Input(8)] partial class Net {{ [Linear(7)] private partial Tensor Logits(Tensor x); {members} }}",
        $"'{part}' is still null when the model registers its layers, before the body of a constructor runs, so constructing the model throws: initialize it "
            + $"where it is declared, '{part} = ...;'");

    [Theory]
    [InlineData("private Linear? {|SN6023:head|};", "head")]
    [InlineData("private readonly Dictionary<string, Linear>? {|SN6023:heads|} = null;", "heads")]
    [InlineData("private Parameter? {|SN6023:scale|};", "scale")]
    public Task A_part_that_may_be_null_and_never_is_there_in_time_is_reported(string members, string part) => Declaration.Reports(
        $"#nullable enable\n[Model, Input(8)] partial class Net {{ [Linear(7)] private partial Tensor Logits(Tensor x); {members} }}",
        $"'{part}' is still null when the model registers its layers, before the body of a constructor runs, so it would be no part of the model: initialize "
            + $"it where it is declared, '{part} = ...;'");

    [Theory]
    [InlineData(
        "Dictionary<int, Linear> {|SN6027:heads|} = [];",
        "its keys are of type 'int', and the names in the state_dict are text; make the keys strings")]
    [InlineData(
        "Dictionary<Linear, string> {|SN6027:heads|} = [];",
        "modules that are keys have no name in the state_dict; make the names the keys and the modules the values")]
    [InlineData("Dictionary<int, Inner> {|SN6027:heads|} = [];", "its keys are of type 'int', and the names in the state_dict are text; make the keys strings")]
    [InlineData("Linear[,] {|SN6027:heads|} = new Linear[0, 0];", "an array of several axes has no numbered items; make it an array of arrays")]
    [InlineData("List<Inner[,]> {|SN6027:heads|} = [];", "an array of several axes has no numbered items; make it an array of arrays")]
    [InlineData(
        "Lazy<Inner> {|SN6027:heads|} = new();",
        "'Lazy<Inner>' is no collection, and what it holds has no name in the state_dict; hold it in a field of its own")]
    [InlineData(
        "Pair<Inner> {|SN6027:heads|} = new();",
        "'Pair<Inner>' is no collection, and what it holds has no name in the state_dict; hold it in a field of its own")]
    [InlineData(
        "KeyValuePair<string, Linear> {|SN6027:heads|} = new();",
        "'KeyValuePair<string, Linear>' is no collection, and what it holds has no name in the state_dict; hold it in a field of its own")]
    [InlineData(
        "Parameter[] {|SN6027:scales|} = [];",
        "a Parameter in a collection cannot follow when the model moves; make it a TorchSharp.Modules.ParameterList, or give each one a field")]
    [InlineData(
        "Dictionary<string, Parameter> {|SN6027:scales|} = [];",
        "a Parameter in a collection cannot follow when the model moves; make it a TorchSharp.Modules.ParameterDict, or give each one a field")]
    [InlineData(
        "(Linear Map, Parameter Scale) {|SN6027:part|};",
        "the Parameter 'Scale' in a tuple cannot follow when the model moves; give it a field of its own")]
    [InlineData("List<(Linear, Tensor)> {|SN6027:parts|} = [];", "the Tensor '1' in a tuple cannot follow when the model moves; give it a field of its own")]
    public Task A_member_whose_modules_cannot_be_registered_is_reported(string member, string reason) => Declaration.Reports(
        $$"""
        [Model, Input(8)] partial class Net { [Linear(7)] private partial Tensor Logits(Tensor x); private {{member}} }
        [Model, Input(8)] partial class Inner { [Linear(7)] private partial Tensor Logits(Tensor x); }
        class Pair<T> { private readonly T one = default!; public T One => one; }
        """,
        $"What '{member.Split("SN6027:")[1].Split('|')[0]}' holds cannot be registered, so it would not be trained, saved or moved: {reason}");

    [Theory]
    [InlineData("Inner inner = new();")]
    [InlineData("Inner? inner = Flag ? new() : null; public static bool Flag => true;")]
    [InlineData("Inner[] inner = [new()]; public Inner Other { get; } = new();")]
    [InlineData("Derived[][] inner = [[new()]];")]
    [InlineData("Dictionary<string, List<(Linear, Inner?, int)>> inner = [];")]
    [InlineData("(Linear L, string Name)? pair = Flag ? (nn.Linear(1, 1), \"\") : null; public static bool Flag => true;")]
    [InlineData("System.Collections.Immutable.ImmutableArray<Inner> inner = [];")]
    [InlineData("Tuple<Linear, Inner> pair = Tuple.Create(nn.Linear(1, 1), new Inner());")]
    [InlineData("Func<Tensor, Inner> make = _ => new(); private readonly WeakReference<Inner> last = new(new());")]
    [InlineData("Tensor[] recent = []; private readonly Dictionary<string, Tensor> named = []; private readonly (Tensor, Tensor) two = (ones(1), ones(1));")]
    [InlineData(
        "Tensor mean = zeros(8); private Tensor? cache; public Tensor? Cache { get => cache; set => cache = value; } private static Tensor? s_shared; public "
            + "static Tensor? Shared { get => s_shared; set => s_shared = value; }")]
    [InlineData("nn.IModule<Tensor, Tensor> any = new Inner();")]
    [InlineData("Heads heads = []; private sealed class Heads : List<Inner>;")]
    [InlineData("Tree tree = []; private sealed class Tree : List<Tree>;")]
    [InlineData(
        "TorchSharp.Modules.ModuleList<Inner> inner = nn.ModuleList(new Inner()); private readonly TorchSharp.Modules.ModuleDict<Linear> heads = "
            + "nn.ModuleDict((\"a\", nn.Linear(8, 8)));")]
    public Task A_member_whose_modules_have_names_is_silent(string member) => Declaration.IsSilent(
        $$"""
        [Model, Input(8)] partial class Net { [Linear(7)] private partial Tensor Logits(Tensor x); private {{(member.StartsWith("Func") ? "" : "readonly ")}}{{member}} }
        [Model, Input(8)] partial class Inner { [Linear(7)] private partial Tensor Logits(Tensor x); }
        class Derived : Inner { }
        """);

    [Fact]
    public Task A_type_parameter_that_is_a_module_is_one() => Declaration.IsSilent(
        """
        [Model, Input(8)] partial class Net<T, U, V>(T first, U second, V third) where T : nn.Module<Tensor, Tensor> where U : Inner where V : nn.IModule<Tensor, Tensor>
        {
            private readonly T first = first;
            private readonly List<U> second = [second];
            private readonly V third = third;
            [Linear(7)] private partial Tensor Logits(Tensor x);
        }
        [Model, Input(8)] partial class Inner { [Linear(7)] private partial Tensor Logits(Tensor x); }
        """);

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
    [InlineData("protected override void {|SN6026:RegisterLayers|}(SourceNet.CompilerServices.LayerRegistry layers) { }", "RegisterLayers")]
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
        "[Model, Input(8)] partial class Net { [Linear(7)] private partial Tensor Logits(Tensor x); public Tensor Loss(Tensor x) => x; public void "
            + "ParameterGroups() { } }");
}
