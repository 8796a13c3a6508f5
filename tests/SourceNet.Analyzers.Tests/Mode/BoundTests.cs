using SourceNet.Analyzers.Mode;

namespace SourceNet.Analyzers.Tests.Mode;

/// <summary>The analysis comes to an end on any code: it gives up silently where a method is too large for it.</summary>
public class BoundTests
{
    public static TheoryData<string, string> Monsters => new()
    {
        { "branches", string.Concat(
            Enumerable.Range(0, 1500)
                .Select(i => $"if (f[{i}]) {{ net.train(); net.call(x).sum().backward(); }} else {{ net.eval(); using (no_grad()) net.call(x); }}\n")) },
        { "loops in loops", Nested(
            60,
            "net.call(x).sum().backward();",
            (i, inner) => $"for (var i{i} = 0; i{i} < 3; i{i}++) {{ net.train(); try {{ {inner} }} finally {{ net.eval(); }} }}") },
        { "finally in finally", Nested(
            14,
            "net.call(x).sum().backward();",
            (i, inner) => $"try {{ {inner} if (f[{i}]) return; }} finally {{ if (f[{i}]) net.eval(); else net.train(); }}") },
        { "modules", string.Concat(
            Enumerable.Range(0, 600).Select(i => $"var n{i} = nn.Dropout(); if (f[{i}]) n{i}.eval(); using (no_grad()) n{i}.call(x);\n")) },
        { "lambdas in lambdas", Nested(40, "net.call(x);", (i, inner) => $"Action a{i} = () => {{ net.train(); {inner} }}; a{i}();") },
    };

    [Theory]
    [MemberData(nameof(Monsters))]
    public async Task A_monster_of_a_method_comes_to_an_end(string name, string body)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var source = Sources.Of($"class Monster {{ void Run(Tensor x, bool[] f) {{ var net = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5)); {body} }} }}");
        Assert.True(source.CompilerErrors().Count == 0, name);
        await source.Analyze(new Only<ModeFlow>(), tooLong.Token);
    }

    [Fact]
    public Task Methods_that_call_each_other_come_to_an_end() => Net.IsSilent(
        """
        class Program
        {
            private readonly Net _net = new();
            public void Start(Tensor x) => First(_net, x, 3);
            private void First(Net net, Tensor x, int n) { net.eval(); if (n > 0) Second(net, x, n - 1); }
            private void Second(Net net, Tensor x, int n) { net.train(); First(net, x, n); using var _ = no_grad(); net.call(x); Second(net, x, n); }
        }
        """);

    private static string Nested(int depth, string core, Func<int, string, string> around) =>
        Enumerable.Range(0, depth).Aggregate(core, (inner, i) => around(i, inner));
}
