using System.Globalization;
using SourceNet.CompilerServices;
using SourceNet.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Diagnostics;

public class SummaryTests
{
    [Fact]
    public void The_table_of_a_convolutional_network_reads_well()
    {
        using var model = new SmallCnn();
        Assert.Equal(
            """
            SmallCnn(dropout = 0.3)

            Layer              Kind               Details                      Output       Parameters  Regularized by
            ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            block.conv         Conv2d             3 -> 4, kernel 3, padding 1  [4, 32, 32]         108  WeightDecay(0.001)
            block.norm         BatchNorm2d                                     [4, 32, 32]           8
            block.activation   ReLU                                            [4, 32, 32]
            block.pool         GlobalAveragePool                               [4]
            hidden.dropout     Dropout            dropout                      [4]                      Dropout(dropout)
            hidden.linear      Linear             4 -> 8                       [8]                  40  WeightDecay(0.001), MaxNorm(3)
            hidden.activation  ReLU                                            [8]
            logits.linear      Linear             8 -> 10                      [10]                 90  WeightDecay(0.001)

            246 parameters, 1.0 KiB with buffers
            objective: LabelSmoothing(0.1)

            """.ReplaceLineEndings("\n"),
            model.Summary().ToString());
    }

    [Fact]
    public void Nested_models_and_hand_written_parts_have_their_rows()
    {
        using var model = new SmallLanguageModel();
        Assert.Equal(
            """
            SmallLanguageModel(dim = 6, blocks = 2)

            Layer                Kind        Details                   Output    Parameters  Regularized by
            ────────────────────────────────────────────────────────────────────────────────────────────────────────────
            embed.embedding      Embedding   11 x dim                  [T, dim]          66
            blocks               Stack       blocks x SmallBlock       [T, dim]
            blocks.0             SmallBlock  dim = 6
            blocks.0.mix.norm    LayerNorm                             [T, dim]          12
            blocks.0.mix.linear  Linear      dim -> dim                [T, dim]          42  WeightDecay(0.1), L1(1E-05)
            blocks.1             SmallBlock  dim = 6
            blocks.1.mix.norm    LayerNorm                             [T, dim]          12
            blocks.1.mix.linear  Linear      dim -> dim                [T, dim]          42  WeightDecay(0.1), L1(1E-05)
            logits.linear        Linear      dim -> 11, tied to embed  [T, 11]
            heads.0              Linear                                                  42  WeightDecay(0.1)
            heads.1              Linear                                                  42  WeightDecay(0.1)
            heads.2              Linear                                                  42  WeightDecay(0.1)
            scale                Parameter   [6]                                          6

            306 parameters, 1.2 KiB with buffers

            """.ReplaceLineEndings("\n"),
            model.Summary().ToString());
    }

    [Fact]
    public void The_rows_add_up_to_the_parameters()
    {
        using var model = new SmallLanguageModel(blocks: 3, headCount: 12);
        var summary = model.Summary();
        Assert.Equal(model.parameters().Sum(parameter => parameter.NumberOfElements), summary.Parameters);
        Assert.Equal(summary.Parameters, summary.Rows.Sum(row => row.Parameters));
    }

    [Fact]
    public void Frozen_parameters_are_told_apart()
    {
        using var model = new SmallCnn();
        model.logits_linear.weight.requires_grad = false;
        var summary = model.Summary();
        Assert.Equal(summary.Parameters - 80, summary.Trainable);
        Assert.Contains("246 parameters, 166 of them trainable", summary.ToString());
    }

    [Fact]
    public void A_nested_declared_model_has_its_arguments_as_details()
    {
        using var model = new WithBlock();
        Assert.Equal(new SummaryRow("block", "SmallBlock", "dim = 4", "", 0, ""), model.Summary().Rows[0]);
        Assert.Equal("block.mix.norm", model.Summary().Rows[1].Path);
    }

    [Theory]
    [InlineData("sv-SE")]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    public void Numbers_are_the_same_in_every_culture(string culture)
    {
        using var model = new SmallCnn();
        using var large = new SmallLanguageModel(dim: 100);
        var expected = model.Summary().ToString() + large.Summary();
        Assert.Contains("1,100", expected);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal(expected, model.Summary().ToString() + large.Summary());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_plan_is_a_table_with_the_reason_for_each_entry()
    {
        var plan = new RegularizationPlan(
        [
            new("block1.conv.weight", RegularizationKind.WeightDecay, "0.001", Provenance.Default),
            new("hidden.dropout", RegularizationKind.Dropout, "dropout", Provenance.Explicit),
        ]);
        Assert.Equal(
            """
            Where               Regularizer  Strength  Provenance
            ─────────────────────────────────────────────────────
            block1.conv.weight  WeightDecay  0.001     default
            hidden.dropout      Dropout      dropout   explicit

            """.ReplaceLineEndings("\n"),
            plan.ToString());
        Assert.Equal("No regularization.\n", RegularizationPlan.Empty.ToString());
    }

    private sealed class WithBlock : BareModel
    {
        protected override void RegisterLayers(LayerRegistry layers) => layers.Add("block", new SmallBlock(4));
    }
}
