using SourceNet.Analyzers.Mode;
using SourceNet.CodeFixes.Mode;

namespace SourceNet.Analyzers.Tests.Mode;

/// <summary>Scopes of the thread: SN1005 and SN1008.</summary>
public class ScopeTests
{
    [Theory]
    [InlineData("{|SN1005:no_grad()|};")]
    [InlineData("{|SN1005:torch.inference_mode()|};")]
    [InlineData("{|SN1005:enable_grad(false)|};")]
    [InlineData("_ = {|SN1005:no_grad()|};")]
    [InlineData("var scope = {|SN1005:no_grad()|};")]
    public Task A_dropped_scope_is_found(string body) => Code<OpenGradientScope>.Reports(Net.Method(body));

    [Theory]
    [InlineData("using var _ = no_grad();")]
    [InlineData("using (no_grad()) { }")]
    [InlineData("using (var scope = no_grad()) { }")]
    [InlineData("var scope = no_grad(); try { } finally { scope.Dispose(); }")]
    [InlineData("IDisposable? scope = flag ? no_grad() : null; scope?.Dispose();")]
    [InlineData("set_grad_enabled(false);")]
    [InlineData("var scopes = new List<IDisposable> { no_grad() };")]
    public Task A_closed_scope_is_silent(string body) => Code<OpenGradientScope>.IsSilent(Net.Method(body));

    [Fact]
    public Task A_scope_that_is_given_back_is_silent() =>
        Code<OpenGradientScope>.IsSilent("class Scopes { IDisposable Off() => no_grad(); IDisposable Again() { var scope = no_grad(); return scope; } }");

    [Fact]
    public Task The_fix_closes_it() => Code<OpenGradientScope>.Fixes<OpenGradientScopeFix>(
        """
        class Program
        {
            void Run()
            {
                // Off.
                {|SN1005:no_grad()|};
                var gradients = 1;
                var kept = {|SN1005:torch.inference_mode()|}; // on
            }
        }
        """,
        """
        class Program
        {
            void Run()
            {
                // Off.
                using var gradients2 = no_grad();
                var gradients = 1;
                using var kept = torch.inference_mode(); // on
            }
        }
        """);

    [Theory]
    [InlineData("async Task Run(Tensor x) { using var _ = no_grad(); {|SN1008:await Task.Delay(1)|}; }")]
    [InlineData("async Task Run(Tensor x) { using (NewDisposeScope()) { {|SN1008:await Task.Delay(1)|}; } }")]
    [InlineData("async Task Run(Tensor x) { using var scope = torch.NewDisposeScope(); if (x.ndim > 1) { {|SN1008:await Task.Yield()|}; } }")]
    [InlineData("async Task<Tensor> Run(Task<Tensor> x) { using (inference_mode()) return {|SN1008:await x|} + 1; }")]
    [InlineData("void Run(Tensor x) { using var _ = no_grad(); Task.Run(() => {|SN1008:x.sum()|}); }")]
    [InlineData("void Run(Tensor x) { using var _ = NewDisposeScope(); Parallel.For(0, 4, i => { var y = {|SN1008:x.select(0, i)|}; }); }")]
    public Task A_scope_across_threads_is_found(string member) => Code<ThreadScope>.Reports($"class Program {{ {member} }}");

    [Theory]
    [InlineData("async Task Run(Tensor x) { await Task.Delay(1); using var _ = no_grad(); x.sum(); }")]
    [InlineData("async Task Run(Tensor x) { using (no_grad()) { x.sum(); } await Task.Delay(1); }")]
    [InlineData("async Task Run(Tensor x) { using var _ = no_grad(); Func<Task> later = async () => await Task.Delay(1); }")]
    [InlineData("async Task Run(System.IO.Stream s) { using var reader = new System.IO.StreamReader(s); await Task.Delay(1); }")]
    [InlineData("void Run(Tensor x) { using var _ = no_grad(); Task.Run(() => { using var inner = no_grad(); return x.sum(); }); }")]
    [InlineData("void Run(Tensor x) { using var _ = no_grad(); Task.Run(() => Console.WriteLine(1)); }")]
    [InlineData("void Run(Tensor x) { Task.Run(() => x.sum()); }")]
    public Task A_scope_on_one_thread_is_silent(string member) => Code<ThreadScope>.IsSilent($"class Program {{ {member} }}");

    [Fact]
    public async Task In_the_handler_of_an_event_it_is_a_hint()
    {
        var found = await Sources.Of("class Form { async void Clicked(object sender, EventArgs e) { using var _ = no_grad(); await Task.Delay(1); } }")
            .Analyze(new Only<ThreadScope>());
        Assert.Equal([Microsoft.CodeAnalysis.DiagnosticSeverity.Info], found.Select(diagnostic => diagnostic.Severity));
    }

    [Fact]
    public async Task The_message_says_what_crosses()
    {
        var found = await Sources.Of("class Program { async Task Run() { using var _ = no_grad(); await Task.Delay(1); } }").Analyze(new Only<ThreadScope>());
        Assert.Equal(
            "no_grad() belongs to this thread, and after `await` the code may run on another one. Close the scope before it, or await outside of it.",
            Assert.Single(found).GetMessage());
    }
}
