"""Every sentence of the utility page that the report's page does not have, in both languages."""

from __future__ import annotations

from commonseal.model import Lang
from commonseal.release.report_words import Words, words_table


def utility_words(lang: Lang) -> Words:
    """Return the page's words in one language."""
    return Words(lang, UTILITY_WORDS)


UTILITY_WORDS = words_table(
    kind=("Utility report", "数据效用报告"),
    lead=(
        "{left} of {all} rows left. {kept} of the detail in the quasi-identifiers is kept, and the highest risk of "
        "re-identification goes from {before} to {after}.",
        "共 {all} 行，保留 {left} 行；准标识符的细节保留 {kept}，最高重标识风险由 {before} 变为 {after}。",
    ),
    unsealed=(
        "Measured, not sealed: no agreement and no law were asked.",
        "本页仅为测量结果，未经协议与法律判定，未封存。",
    ),
    fig_kept=("of the detail is kept", "细节保留"),
    fig_kept_of=("granularity, all columns", "粒度，全部准标识符"),
    fig_left=("rows leave", "保留行数"),
    fig_suppressed=("{rows} suppressed ({rate})", "抑制 {rows} 行（{rate}）"),
    fig_class=("in the smallest class", "最小等价类"),
    fig_average=("average risk", "平均重标识风险"),
    fig_target=("of {target} predicted right", "“{target}”预测正确率"),
    fig_guess=("before: {before} · guessing: {baseline}", "处理前：{before} · 多数类基线：{baseline}"),
    # the choice of k
    choice=("Choose k", "选择 k"),
    choice_lead=(
        "Each point is the release of least loss for one k, all else as asked. Down is safer, right is more useful.",
        "每个点是在其他要求不变时，该 k 下损失最小的结果。越靠下越安全，越靠右越有用。",
    ),
    frontier=("Risk against what is kept", "风险与保留细节"),
    frontier_desc=(
        "The highest and the average risk of each choice of k against the share of detail that it keeps.",
        "各 k 值的最高风险和平均风险，与其保留的细节比例。",
    ),
    axis_risk=("risk of re-identification", "重标识风险"),
    axis_kept=("detail kept (granularity)", "保留的细节（粒度）"),
    point_raw=("as it was", "原始数据"),
    point_chosen=("k = {k}, chosen", "k = {k}，本次选择"),
    point=("k = {k}", "k = {k}"),
    legend_highest=("highest risk", "最高风险"),
    legend_average=("average risk", "平均风险"),
    k=("k", "k"),
    kept=("Detail kept", "保留细节"),
    loss=("Loss", "损失"),
    suppressed=("Rows suppressed", "抑制行数"),
    highest_risk=("Highest risk", "最高风险"),
    average_risk=("Average risk", "平均风险"),
    class_size=("Average class", "平均等价类"),
    chosen=("chosen", "本次选择"),
    no_levels=("no levels pass", "无满足要求的级别"),
    unproved=("not proved to lose least", "未证明损失最小"),
    # pictures
    changes=("Before and after", "处理前后"),
    column_levels=("Levels chosen", "所选级别"),
    column_levels_desc=(
        "For each quasi-identifier how far it was generalized, and how many labels are left of its values.",
        "每个准标识符的泛化程度，以及由多少个取值归并为多少个标签。",
    ),
    level_told=("level {level} of {top}", "第 {level} 级，共 {top} 级"),
    level_mean=("level {level:.1f} of {top} on average", "平均第 {level:.1f} 级，共 {top} 级"),
    labels_told=("{values} → {labels} labels", "{values} → {labels} 个标签"),
    values=("Values", "取值数"),
    labels=("Labels", "标签数"),
    target=("Predicting {target}", "预测“{target}”"),
    target_desc=(
        "The share of rows whose {target} is predicted right: by guessing, after, and before.",
        "“{target}”预测正确的比例：多数类基线、处理后、处理前。",
    ),
    guessing=("guessing", "多数类基线"),
    target_how=(
        "Logistic regression on the other quasi-identifiers, {folds}-fold cross-validation over {rows} rows, seed {seed}. "
        "Guessing says the most frequent value each time.",
        "以其余准标识符做逻辑回归，{rows} 行 {folds} 折交叉验证，随机种子 {seed}。多数类基线指每次都答最常见的取值。",
    ),
    # the figures
    figures=("All figures", "全部指标"),
    m_before=("Before", "处理前"),
    m_after=("After", "处理后"),
    what=("What it says", "含义"),
    none=("not computed", "未计算"),
    group_kept=("What is kept", "保留"),
    group_lost=("What is lost", "损失"),
    group_classes=("Classes", "等价类"),
    m_granularity=("Granularity", "粒度"),
    m_granularity_is=(
        "1: each cell stands for one value; 0: for all",
        "1：每格只代表一个取值；0：代表全部取值",
    ),
    m_precision=("Precision", "精度（Prec）"),
    m_precision_is=("1: nothing climbed its hierarchy; 0: all at the top", "1：均未泛化；0：全部泛化到顶"),
    m_loss_gm=("Loss, geometric mean", "损失（几何平均）"),
    m_loss_gm_is=(
        "share of the domain that a cell covers, over columns",
        "单元格覆盖值域的比例，按列几何平均",
    ),
    m_loss_am=("Loss, arithmetic mean", "损失（算术平均）"),
    m_loss_am_is=("the same, plain mean over columns", "同上，按列算术平均"),
    m_entropy_lost=("Information lost", "信息损失"),
    m_entropy_lost_is=(
        "non-uniform entropy, as a share of what the columns held",
        "非均匀熵，占各列原有信息的比例",
    ),
    m_kl=("KL divergence, bits", "KL 散度（比特）"),
    m_kl_is=(
        "how far a reader's best guess of the joint distribution is from the true one",
        "读者据发布数据推断的联合分布与真实分布的距离",
    ),
    m_ambiguity=("Ambiguity", "歧义度"),
    m_ambiguity_is=(
        "combinations of values that a row may stand for, on average",
        "一行平均可能代表的取值组合数",
    ),
    m_average_class=("Average class size", "平均等价类大小"),
    m_average_class_is=("rows of a class, on average", "每个等价类的平均行数"),
    m_discernibility=("Discernibility", "可辨识度"),
    m_discernibility_is=(
        "squared class sizes, and suppressed rows times all rows",
        "等价类大小平方和，加抑制行数乘总行数",
    ),
    m_classes=("Classes", "等价类数"),
    m_classes_is=("combinations of labels that occur", "出现的标签组合数"),
    m_rows=("Rows", "行数"),
    m_rows_is=("rows that leave", "保留的行数"),
)
