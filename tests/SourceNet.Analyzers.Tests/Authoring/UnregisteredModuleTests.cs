using SourceNet.Analyzers.Authoring;
using SourceNet.CodeFixes.Authoring;

namespace SourceNet.Analyzers.Tests.Authoring;

public class UnregisteredModuleTests
{
    private const string Net = "{ readonly nn.Module<Tensor, Tensor> fc; public Net() : base(\"Net\") { fc = nn.Linear(3, 2); } public override Tensor "
        + "forward(Tensor x) => fc.call(x); }";

    [Fact]
    public Task The_message_names_the_model_and_a_layer() => Code<UnregisteredModule>.Reports(
        $"class {{|SN5001:Net|}} : nn.Module<Tensor, Tensor> {Net} class Trainer {{ Net net = new(); object Make() => optim.SGD(net.parameters(), 0.1); }}",
        "'Net' holds 'fc' and does not register it: parameters() and state_dict() leave it out and eval() does not reach it. Call RegisterComponents() at "
            + "the end of the constructor.");

    [Theory]
    [InlineData("void Run() { var net = new Net(); net.eval(); }")]
    [InlineData("void Run() { using var net = new Net().to(CUDA); net.forward(zeros(3)); }")]
    [InlineData("static readonly Net s_net = new(); void Run() => s_net.save(\"net.dat\");")]
    [InlineData("object Make() => nn.Sequential(new Net(), nn.ReLU());")]
    [InlineData(
        "void Run() { using var net = Make(); net.call(zeros(3)); } Net Make() { var net = new Net(); net.load(\"net.dat\"); net.eval(); return net; }")]
    [InlineData("void Run() { using var net = Make(); net.eval(); static Net Make() => new(); }")]
    [InlineData("void Run() { var net = new Net(); net.eval(); using var loss = nn.MSELoss().call(net.call(zeros(3)), zeros(2)); }")]
    [InlineData("void Run() { var net = new Net(); net.eval(); Use(net); } static void Use(Net given) => nn.ReLU().call(given.call(zeros(3)));")]
    [InlineData("object Make() => nn.Sequential((\"net\", new Net()), (\"relu\", nn.ReLU()));")]
    public Task A_root_or_an_item_of_a_Sequential_that_registers_nothing_is_reported(string use) =>
        Code<UnregisteredModule>.Reports($"class {{|SN5001:Net|}} : nn.Module<Tensor, Tensor> {Net} class Trainer {{ {use} }}");

    [Theory]
    [InlineData(
        "class Parent : nn.Module<Tensor, Tensor> { readonly Net net = new(); public Parent() : base(\"Parent\") { RegisterComponents(); net.eval(); } "
            + "public override Tensor forward(Tensor x) => net.call(x); }")]
    [InlineData(
        "class Parent : nn.Module<Tensor, Tensor> { nn.Module<Tensor, Tensor> net; public Parent() : base(\"Parent\") { var made = new Net(); made.eval(); "
            + "net = made; RegisterComponents(); } public override Tensor forward(Tensor x) => net.call(x); }")]
    [InlineData("class Trainer { object Make() { var net = new Net(); net.eval(); return nn.ModuleList(net); } }")]
    [InlineData("class Trainer { internal Net Make() { var net = new Net(); net.to(CPU); return net; } }")]
    [InlineData("class Trainer { nn.Module<Tensor, Tensor> Make() { var net = new Net(); net.to(CPU); return net; } }")]
    [InlineData("class Trainer { object Run() { return nn.ModuleList(Make()); Net Make() { var net = new Net(); net.to(CPU); return net; } } }")]
    [InlineData(
        "class Trainer { object Run() { var made = Make(); return nn.ModuleList(made); } Net Make() { var net = new Net(); net.to(CPU); return net; } }")]
    [InlineData(
        "class Trainer { object Run() => nn.ModuleList(new[] { 1, 2 }.Select(_ => Make()).ToArray()); Net Make() { var net = new Net(); net.to(CPU); return "
            + "net; } }")]
    [InlineData("class Trainer { Func<Net> Run() => Make; Net Make() { var net = new Net(); net.to(CPU); return net; } }")]
    [InlineData("class Trainer { void Run() { var net = new Net(); net.register_module(\"fc\", nn.Linear(2, 2)); net.eval(); } }")]
    [InlineData("class Trainer { void Run(Net net) => net.eval(); }")]
    [InlineData("class Trainer { object Run() { var net = new Net(); net.eval(); return nn.ModuleList(net.apply(_ => { })); } }")]
    [InlineData("class Trainer { void Run(nn.Module parent) { var net = new Net(); net.eval(); parent.register_module(\"net\", net); } }")]
    public Task A_module_that_may_have_a_parent_or_is_registered_from_outside_is_silent(string use) =>
        Code<UnregisteredModule>.IsSilent($"class Net : nn.Module<Tensor, Tensor> {Net} {use}");

    [Theory]
    [InlineData("fc = nn.Linear(3, 2); RegisterComponents();")]
    [InlineData("fc = nn.Linear(3, 2); register_module(\"fc\", fc);")]
    [InlineData("fc = nn.Linear(3, 2); Registration.Of(this);")]
    [InlineData("fc = nn.ReLU();")]
    public Task A_module_that_registers_its_parts_or_has_nothing_to_lose_is_silent(string constructor) => Code<UnregisteredModule>.IsSilent(
        $$"""
        class Net : nn.Module<Tensor, Tensor>
        {
            nn.Module<Tensor, Tensor> fc;
            public Net() : base("Net") { {{constructor}} }
            public override Tensor forward(Tensor x) => fc.call(x);
        }
        class Trainer { void Run() { var net = new Net(); net.eval(); } }
        static class Registration { public static void Of(nn.Module module) { } }
        """);

    [Fact]
    public Task A_model_whose_own_layers_feed_each_other_is_reported() => Code<UnregisteredModule>.Reports(
        """
        class {|SN5001:Net|} : nn.Module<Tensor, Tensor>
        {
            readonly Linear first = nn.Linear(3, 3);
            readonly Linear last = nn.Linear(3, 2);
            public Net() : base("Net") { }
            public override Tensor forward(Tensor x) => last.call(nn.functional.dropout(first.call(x), training: training));
            static void Run() => new Net().eval();
        }
        """);

    [Theory]
    [InlineData("readonly Linear fc = nn.Linear(3, 3);", "zeros(3)", true)]
    [InlineData("readonly Parameter fc = new(zeros(3));", "fc", false)]
    public async Task A_registered_buffer_registers_no_layer(string part, string buffer, bool isReported)
    {
        var found = await Sources.Of(
            $$"""
            class Net : nn.Module<Tensor, Tensor>
            {
                {{part}}
                public Net() : base("Net") => register_buffer("mean", {{buffer}});
                public override Tensor forward(Tensor x) => x;
                static void Run() => new Net().eval();
            }
            """).Analyze(new Only<UnregisteredModule>());
        Assert.Equal(isReported, found.Any(diagnostic => diagnostic.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Warning));
    }

    [Fact]
    public Task A_base_that_registers_is_enough() => Code<UnregisteredModule>.IsSilent(
        """
        abstract class Base : nn.Module<Tensor, Tensor> { protected Base() : base("Base") => RegisterComponents(); }
        class Net : Base { readonly Linear fc = nn.Linear(3, 2); public override Tensor forward(Tensor x) => fc.call(x); }
        class Trainer { void Run() { var net = new Net(); net.eval(); } }
        """);

    [Fact]
    public async Task A_public_type_that_nothing_uses_is_a_hint()
    {
        var found = await Sources.Of($"public class Net : nn.Module<Tensor, Tensor> {Net}").Analyze(new Only<UnregisteredModule>());
        Assert.Equal([Microsoft.CodeAnalysis.DiagnosticSeverity.Info], found.Select(diagnostic => diagnostic.Severity));
        await Code<UnregisteredModule>.IsSilent($"class Net : nn.Module<Tensor, Tensor> {Net}");
    }

    [Fact]
    public Task The_fix_registers_at_the_end() => Code<UnregisteredModule>.Fixes<UnregisteredModuleFix>(
        """
        class {|SN5001:Net|} : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc;

            public Net() : base(nameof(Net))
            {
                fc = nn.Linear(3, 2);
            }

            public override Tensor forward(Tensor x) => fc.call(x);

            public static void Run() => new Net().eval();
        }
        """,
        """
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc;

            public Net() : base(nameof(Net))
            {
                fc = nn.Linear(3, 2);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => fc.call(x);

            public static void Run() => new Net().eval();
        }
        """);

    [Fact]
    public Task Without_a_constructor_that_has_a_body_nothing_is_offered() => Code<UnregisteredModule>.OffersNoFix<UnregisteredModuleFix>(
        """
        class {|SN5001:Net|}() : nn.Module<Tensor, Tensor>("Net")
        {
            private readonly Linear fc = nn.Linear(3, 2);

            public override Tensor forward(Tensor x) => fc.call(x);

            public static void Run() => new Net().eval();
        }
        """);
}
