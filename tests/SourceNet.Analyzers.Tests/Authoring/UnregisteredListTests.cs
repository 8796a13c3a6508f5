using SourceNet.Analyzers.Authoring;
using SourceNet.CodeFixes.Authoring;

namespace SourceNet.Analyzers.Tests.Authoring;

public class UnregisteredListTests
{
    [Theory]
    [InlineData("readonly List<Linear> {|SN5003:layers|} = new() { nn.Linear(3, 3) };", "", "ModuleList")]
    [InlineData("readonly nn.Module<Tensor, Tensor>[] {|SN5003:layers|} = [nn.Linear(3, 3), nn.ReLU()];", "", "ModuleList")]
    [InlineData("readonly Dictionary<string, Linear> {|SN5003:layers|} = new();", "layers[\"a\"] = nn.Linear(3, 3);", "ModuleDict")]
    public Task The_message_says_what_to_use_instead(string field, string constructor, string instead) => Code<UnregisteredList>.Reports(
        Net(field, constructor),
        $"TorchSharp does not look into 'layers': what it holds is not trained, moved, saved or put into eval mode. Make it a {instead}.");

    [Theory]
    [InlineData("readonly List<nn.Module<Tensor, Tensor>> {|SN5003:layers|} = new();", "for (var i = 0; i < 3; i++) layers.Add(nn.Linear(3, 3));")]
    [InlineData("readonly Linear[] {|SN5003:layers|} = new Linear[3];", "for (var i = 0; i < 3; i++) layers[i] = nn.Linear(3, 3);")]
    [InlineData("readonly IList<Linear> {|SN5003:layers|};", "layers = Enumerable.Range(0, 3).Select(_ => nn.Linear(3, 3)).ToList();")]
    [InlineData("readonly List<Linear> {|SN5003:layers|} = new();", "var layer = nn.Linear(3, 3); layers.Add(layer);")]
    [InlineData("List<Linear> {|SN5003:Layers|} { get; } = [nn.Linear(3, 3)];", "")]
    [InlineData("readonly List<Parameter> {|SN5003:weights|} = [new Parameter(zeros(3))];", "")]
    public Task Layers_that_only_a_collection_holds_are_reported(string field, string constructor) => Code<UnregisteredList>.Reports(Net(field, constructor));

    [Theory]
    [InlineData("readonly TorchSharp.Modules.ModuleList<Linear> layers = new(nn.Linear(3, 3));", "")]
    [InlineData("readonly Linear first = nn.Linear(3, 3); readonly Linear[] layers;", "layers = [first];")]
    [InlineData("readonly Linear first; readonly List<Linear> layers = new();", "layers.Add(first = nn.Linear(3, 3));")]
    [InlineData("readonly Linear first; readonly List<Linear> layers = new();", "var layer = nn.Linear(3, 3); first = layer; layers.Add(layer);")]
    [InlineData("readonly List<Linear> layers = [nn.Linear(3, 3)];", "foreach (var layer in layers) register_module(\"l\" + layers.IndexOf(layer), layer);")]
    [InlineData("readonly List<Linear> layers = [nn.Linear(3, 3)]; readonly TorchSharp.Modules.Sequential all;", "all = nn.Sequential(layers);")]
    [InlineData("readonly List<Linear> layers = [nn.Linear(3, 3)]; public List<Linear> Layers => layers;", "")]
    [InlineData("readonly List<Linear> layers = [nn.Linear(3, 3)]; public override IEnumerable<Parameter> parameters(bool recurse = true) => [];", "")]
    [InlineData("readonly List<Linear> layers; public Net(List<Linear> given) : this() { layers = given; }", "layers = [];")]
    [InlineData("readonly List<nn.Module<Tensor, Tensor>> layers = [nn.ReLU(), nn.Flatten()];", "")]
    [InlineData("readonly List<Func<Linear>> makers = [() => nn.Linear(3, 3)];", "")]
    public Task Layers_that_something_may_register_are_silent(string field, string constructor) => Code<UnregisteredList>.IsSilent(Net(field, constructor));

    [Fact]
    public Task A_collection_outside_of_a_module_is_silent() =>
        Code<UnregisteredList>.IsSilent("class Zoo { readonly List<Linear> _layers = [nn.Linear(3, 3)]; public int Count => _layers.Count; }");

    [Fact]
    public Task The_fix_makes_a_ModuleList() => Code<UnregisteredList>.Fixes<UnregisteredListFix>(
        Net(
            "private readonly List<Linear> {|SN5003:layers|} = new(); readonly List<Linear> {|SN5003:more|} = [nn.Linear(3, 3)];",
            "this.layers.Add(nn.Linear(3, 3)); foreach (var layer in layers) { } var last = layers.Last(); var count = more.Count;"),
        Net(
            "private readonly TorchSharp.Modules.ModuleList<Linear> layers = new(); readonly TorchSharp.Modules.ModuleList<Linear> more = [nn.Linear(3, 3)];",
            "this.layers.Add(nn.Linear(3, 3)); foreach (var layer in layers) { } var last = layers.Last(); var count = more.Count;"));

    [Theory]
    [InlineData("readonly List<Linear> {|SN5003:layers|} = new();", "layers.AddRange([nn.Linear(3, 3)]);")]
    [InlineData("readonly List<Linear> {|SN5003:layers|} = new();", "layers.Add(nn.Linear(3, 3)); layers.Reverse();")]
    [InlineData("readonly Linear[] {|SN5003:layers|} = [nn.Linear(3, 3)];", "")]
    [InlineData("internal readonly List<Linear> {|SN5003:layers|} = [nn.Linear(3, 3)];", "")]
    public Task Where_a_use_may_not_fit_nothing_is_offered(string field, string constructor) =>
        Code<UnregisteredList>.OffersNoFix<UnregisteredListFix>(Net(field, constructor));

    private static string Net(string fields, string constructor) =>
        $$"""
        class Net : nn.Module<Tensor, Tensor>
        {
            {{fields}}
            public Net() : base("Net") { {{constructor}} RegisterComponents(); }
            public override Tensor forward(Tensor x) => x + 1;
        }
        """;
}
