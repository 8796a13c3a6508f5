using SourceNet.Analyzers.Authoring;
using SourceNet.CodeFixes.Authoring;

namespace SourceNet.Analyzers.Tests.Authoring;

public class LateRegistrationTests
{
    [Fact]
    public Task The_message_names_the_field() => Code<LateRegistration>.Reports(
        Net("RegisterComponents(); {|SN5002:fc|} = nn.Linear(3, 2);"),
        "'fc' gets its module or parameter after RegisterComponents(), which looks only once: it is not trained, moved or saved. Call RegisterComponents() "
            + "last.");

    [Theory]
    [InlineData("this.RegisterComponents(); if (DateTime.Now.Year > 2000) { {|SN5002:this.fc|} = nn.Linear(3, 2); }")]
    [InlineData("RegisterComponents(); {|SN5002:weight|} = new Parameter(zeros(3));")]
    [InlineData("RegisterComponents(); {|SN5002:Head|} = nn.Linear(3, 2).to(CPU);")]
    [InlineData("RegisterComponents(); {|SN5002:fc|} = nn.Linear(3, 2); RegisterComponents();")]
    [InlineData("RegisterComponents(); for (var i = 0; i < 3; i++) {|SN5002:layers.Add(nn.Linear(3, 2))|};")]
    public Task What_comes_late_is_reported(string constructor) => Code<LateRegistration>.Reports(Net(constructor));

    [Theory]
    [InlineData("fc = nn.Linear(3, 2); RegisterComponents();")]
    [InlineData("RegisterComponents(); cache = zeros(3);")]
    [InlineData("fc = nn.Linear(3, 2); RegisterComponents(); shared = fc;")]
    [InlineData("RegisterComponents(); fc = nn.Linear(3, 2); register_module(nameof(fc), fc);")]
    [InlineData("RegisterComponents(); make = () => fc = nn.Linear(3, 2);")]
    [InlineData("RegisterComponents(); var probe = nn.Linear(3, 2);")]
    public Task What_is_registered_or_needs_no_registration_is_silent(string constructor) => Code<LateRegistration>.IsSilent(Net(constructor));

    [Theory]
    [InlineData("nn.ReLU()")]
    [InlineData("new Wrapper()")]
    public async Task A_late_module_without_weights_is_a_hint(string made)
    {
        const string wrapper = "class Wrapper() : nn.Module<Tensor, Tensor>(\"Wrapper\") { readonly TorchSharp.Modules.ReLU relu = nn.ReLU(); public "
            + "override Tensor forward(Tensor x) => relu.call(x); }";
        var found = await Sources.Of(Net($"RegisterComponents(); shared = {made};") + wrapper).Analyze(new Only<LateRegistration>());
        Assert.Equal([Microsoft.CodeAnalysis.DiagnosticSeverity.Info], found.Select(diagnostic => diagnostic.Severity));
    }

    [Fact]
    public Task The_fix_moves_the_call_to_the_end() => Code<LateRegistration>.Fixes<LateRegistrationFix>(
        Net("\n        // All of it.\n        this.RegisterComponents();\n        {|SN5002:fc|} = nn.Linear(3, 2);\n        {|SN5002:Head|} = nn.Linear(3, "
            + "2);\n    "),
        Net("\n        fc = nn.Linear(3, 2);\n        Head = nn.Linear(3, 2);\n        // All of it.\n        this.RegisterComponents();\n    "));

    [Theory]
    [InlineData("RegisterComponents(); {|SN5002:fc|} = nn.Linear(3, 2); eval();")]
    [InlineData("RegisterComponents(); {|SN5002:fc|} = nn.Linear(3, 2); this.to(CPU);")]
    [InlineData("RegisterComponents(); {|SN5002:fc|} = nn.Linear(3, 2); RegisterComponents();")]
    public Task Where_the_order_may_matter_nothing_is_offered(string constructor) => Code<LateRegistration>.OffersNoFix<LateRegistrationFix>(Net(constructor));

    [Fact]
    public Task A_base_that_registers_in_its_constructor_misses_what_comes_later() => Code<LateRegistration>.Reports(
        Net("RegisterComponents();") +
        """
        class Deep : Net
        {
            readonly Linear early = nn.Linear(3, 3);
            readonly Linear late;
            public Deep() { {|SN5002:late|} = nn.Linear(3, 3); RegisterComponents(); }
            public override Tensor forward(Tensor x) => late.call(early.call(x));
        }
        """,
        "'late' gets its module or parameter after the constructor of 'Net' called RegisterComponents(), which looks only once: it is not trained, moved or "
            + "saved. Register it by name.");

    [Theory]
    [InlineData("late = nn.Linear(3, 3); register_module(nameof(late), late);", "RegisterComponents();")]
    [InlineData("late = nn.Linear(3, 3); RegisterComponents();", "")]
    public Task A_derived_class_that_registers_its_own_is_silent(string constructor, string baseConstructor) => Code<LateRegistration>.IsSilent(
        Net(baseConstructor)
            + $"class Deep : Net {{ readonly Linear late; public Deep() {{ {constructor} }} public override Tensor forward(Tensor x) => late.call(x); }}");

    private static string Net(string constructor) =>
        $$"""
        class Net : nn.Module<Tensor, Tensor>
        {
            Linear? fc;
            nn.Module<Tensor, Tensor>? shared;
            Parameter? weight;
            Tensor? cache;
            Func<Linear>? make;
            readonly TorchSharp.Modules.ModuleList<Linear> layers = new();
            Linear? Head { get; set; }
            public Net() : base("Net") { {{constructor}} }
            public override Tensor forward(Tensor x) => x + 1;
        }
        """;
}
