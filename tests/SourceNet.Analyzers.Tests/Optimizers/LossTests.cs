using SourceNet.Analyzers.Optimizers;
using SourceNet.CodeFixes.Optimizers;

namespace SourceNet.Analyzers.Tests.Optimizers;

/// <summary>What goes into a loss and what becomes of it: SN2011 and SN2013.</summary>
public class LossTests
{
    [Theory]
    [InlineData("nn.functional.cross_entropy({|SN2011:nn.functional.softmax(net.call(x), 1)|}, y)")]
    [InlineData("nn.functional.cross_entropy({|SN2011:net.call(x).softmax(1)|}, y)")]
    [InlineData("nn.CrossEntropyLoss().call({|SN2011:softmax(net.call(x), 1)|}, y)")]
    [InlineData("nn.functional.binary_cross_entropy_with_logits({|SN2011:net.call(x).sigmoid()|}, y)")]
    [InlineData("nn.BCEWithLogitsLoss().forward({|SN2011:sigmoid(net.call(x))|}, y)")]
    [InlineData("nn.functional.cross_entropy({|SN2011:new Probabilities().call(x)|}, y)")]
    public Task Probabilities_for_logits_are_found(string loss) => Code<ActivationBeforeLoss>.Reports(Method($"return {loss};"));

    [Theory]
    [InlineData("var p = nn.functional.softmax(net.call(x), 1); return nn.functional.cross_entropy({|SN2011:p|}, y);")]
    [InlineData("using var whole = nn.Sequential(nn.Linear(4, 2), nn.Softmax(1)); return nn.functional.cross_entropy({|SN2011:whole.call(x)|}, y);")]
    [InlineData(
        "using var whole = nn.Sequential((\"fc\", nn.Linear(4, 1)), (\"out\", nn.Sigmoid())); var loss = nn.BCEWithLogitsLoss(); var p = whole.forward(x); "
            + "return loss.call({|SN2011:p|}, y);")]
    public Task By_way_of_a_variable_or_a_module_too(string body) => Code<ActivationBeforeLoss>.Reports(Method(body));

    [Theory]
    [InlineData("return nn.functional.cross_entropy(net.call(x), y);")]
    [InlineData("return nn.functional.nll_loss(nn.functional.log_softmax(net.call(x), 1), y);")]
    [InlineData("return nn.functional.cross_entropy(nn.functional.log_softmax(net.call(x), 1), y);")]
    [InlineData("return nn.functional.binary_cross_entropy(net.call(x).sigmoid(), y);")]
    [InlineData("return nn.functional.cross_entropy(net.call(x), net.call(x).softmax(1));")]
    [InlineData("var p = net.call(x).softmax(1); p = net.call(x); return nn.functional.cross_entropy(p, y);")]
    [InlineData("using var whole = nn.Sequential(nn.Softmax(1), nn.Linear(4, 2)); return nn.functional.cross_entropy(whole.call(x), y);")]
    [InlineData("return nn.functional.binary_cross_entropy_with_logits(net.call(x).softmax(1), y);")]
    public Task Logits_and_losses_that_take_probabilities_are_silent(string body) => Code<ActivationBeforeLoss>.IsSilent(Method(body));

    [Fact]
    public Task The_message_names_the_loss() => Code<ActivationBeforeLoss>.Reports(
        Method("return nn.functional.cross_entropy({|SN2011:x.softmax(1)|}, y);"),
        "cross_entropy takes logits and applies softmax itself: after another one its gradients all but vanish. Give it what the softmax gets.");

    [Fact]
    public Task The_fix_gives_the_logits() => Code<ActivationBeforeLoss>.Fixes<ActivationBeforeLossFix>(
        Method(
            "var one = nn.functional.cross_entropy({|SN2011:nn.functional.softmax(net.call(x), 1)|}, y); return one + "
                + "nn.functional.cross_entropy({|SN2011:net.call(x).softmax(1)|}, y);"),
        Method("var one = nn.functional.cross_entropy(net.call(x), y); return one + nn.functional.cross_entropy(net.call(x), y);"));

    [Theory]
    [InlineData("total += {|SN2013:loss|};")]
    [InlineData("total = total + {|SN2013:loss|};")]
    [InlineData("if (x.ndim > 1) { total += {|SN2013:loss|}; }")]
    public Task A_sum_of_graphs_is_a_hint(string add) => Code<RetainedGraph>.Reports(Loop("loss.backward();", add));

    [Theory]
    [InlineData("total += loss.detach();", "loss.backward();")]
    [InlineData("total += loss;", "")]
    [InlineData("total += loss;", "total.backward();")]
    [InlineData("var sum = zeros(1); sum += loss;", "loss.backward();")]
    public Task A_sum_of_numbers_or_one_that_is_used_is_silent(string add, string backward) => Code<RetainedGraph>.IsSilent(Loop(backward, add));

    [Fact]
    public Task The_fix_adds_without_history() =>
        Code<RetainedGraph>.Fixes<RetainedGraphFix>(Loop("loss.backward();", "total += {|SN2013:loss|};"), Loop("loss.backward();", "total += loss.detach();"));

    private static string Method(string body) =>
        $$"""
        class Trainer
        {
            Tensor Loss(nn.Module<Tensor, Tensor> net, Tensor x, Tensor y) { {{body}} }
        }

        class Probabilities() : nn.Module<Tensor, Tensor>("probabilities")
        {
            public override Tensor forward(Tensor input) => nn.functional.softmax(input, 1);
        }
        """;

    private static string Loop(string backward, string add) =>
        $$"""
        class Trainer
        {
            void Fit(nn.Module<Tensor, Tensor> net, IEnumerable<Tensor> batches)
            {
                var total = zeros(1);
                foreach (var x in batches)
                {
                    var loss = net.call(x).sum();
                    {{backward}}
                    {{add}}
                }
            }
        }
        """;
}
